using System.Globalization;
using System.Text.RegularExpressions;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Loop;

/// <summary>
/// A DHCP access network: customers behind the ports of a relay (dhcrelay), which tells the server (Kea) by Option 82 behind which port each
/// is. The ids are the relay's own work: dhcrelay puts the name of the port into the Agent Circuit ID (RFC 3046 §3.1).
/// </summary>
public sealed partial class DhcpAccess : IAsyncDisposable
{
    private readonly Machine server;
    private readonly Machine relay;
    private readonly Machine customers;
    private readonly string folder = Workspace.NewFolder("dhcp");
    private readonly string[] ports;

    private DhcpAccess(Machine server, Machine relay, Machine customers, string[] ports)
    {
        this.server = server;
        this.relay = relay;
        this.customers = customers;
        this.ports = ports;
    }

    private string Leases => Path.Combine(folder, "leases.csv");

    /// <param name="ports">Names of the relay's ports to customers: at most 15 octets each, anything but white space, slash and colon.</param>
    public static async Task<DhcpAccess> StartAsync(params string[] ports)
    {
        var network = new DhcpAccess(
            await Machine.StartAsync("dhcp"),
            await Machine.StartAsync("relay"),
            await Machine.StartAsync("customers"),
            ports
        );
        await network.StartAsync();
        return network;
    }

    /// <summary>A customer behind a port asks for an address and gets one of that port's.</summary>
    public async Task<Lease> LeaseAsync(string port)
    {
        var number = Array.IndexOf(ports, port);
        var files = Path.Combine(folder, "client-" + Text(number));
        string[] arguments = ["-4", "-1", "-v", "-sf", "/bin/true", "-lf", files, "-pf", files + ".pid", Customer(number)];
        var (code, output) = await customers.RunAsync("dhclient", arguments);
        code.ShouldBe(0, output + Log());
        var prefix = $"100.65.{Text(number)}.";
        var lease = "";
        await Eventually.IsTrueAsync(
            async () =>
            {
                var lines = File.Exists(Leases) ? await File.ReadAllLinesAsync(Leases) : [];
                lease = lines.LastOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal)) ?? "";
                return lease.Length > 0;
            },
            $"the server has written a lease for port {Text(number)}\n{Log()}"
        );
        var line = Hexadecimal().Match(lease);
        line.Success.ShouldBeTrue(lease);
        return new Lease(lease[..lease.IndexOf(',', StringComparison.Ordinal)], Convert.FromHexString(line.Groups[1].Value));
    }

    public string Log() => server.Log() + relay.Log();

    public async ValueTask DisposeAsync()
    {
        await customers.DisposeAsync();
        await relay.DisposeAsync();
        await server.DisposeAsync();
    }

    private async Task StartAsync()
    {
        await relay.CableAsync("uplink", "10.97.0.1/30", server, "eth0", "10.97.0.2/30");
        await server.MustAsync("ip", "route", "add", "default", "via", "10.97.0.1");
        foreach (var (number, port) in ports.Index())
        {
            await relay.CableAsync(port, $"100.65.{Text(number)}.1/24", customers, Customer(number), "");
        }

        var file = Path.Combine(folder, "kea.json");
        await File.WriteAllTextAsync(file, Configuration());
        var kea = server.Start(
            "kea-dhcp4",
            ["-c", file],
            ("KEA_PIDFILE_DIR", folder),
            ("KEA_LOCKFILE_DIR", folder),
            ("KEA_LOGGER_DESTINATION", "stdout")
        );
        await kea.WaitForAsync("DHCP4_STARTED");
        string[] down = [.. ports.SelectMany(p => new[] { "-id", p })];
        var dhcrelay = relay.Start("dhcrelay", ["-4", "-d", "-a", .. down, "-iu", "uplink", "10.97.0.2"]);
        await dhcrelay.WaitForAsync("Sending on   Socket/");
    }

    private string Configuration()
    {
        var subnets = string.Join(
            ",",
            ports.Select(
                (_, n) =>
                    $$"""{ "subnet": "100.65.{{Text(n)}}.0/24", "pools": [ { "pool": "100.65.{{Text(n)}}.10 - 100.65.{{Text(n)}}.99" } ] }"""
            )
        );
        return $$"""
            { "Dhcp4": {
                "interfaces-config": { "interfaces": [ "eth0" ], "dhcp-socket-type": "udp" },
                "lease-database": { "type": "memfile", "persist": true, "name": "{{Leases}}", "lfc-interval": 0 },
                "store-extended-info": true,
                "subnet4": [ {{subnets}} ],
                "loggers": [ { "name": "kea-dhcp4", "severity": "INFO", "output_options": [ { "output": "stdout", "flush": true } ] } ]
            } }
            """;
    }

    private static string Customer(int number) => "line" + Text(number);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("0x([0-9A-Fa-f]+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Hexadecimal();
}

/// <summary>What the DHCP server gave, and the content of Option 82 that the relay had put into the request.</summary>
public sealed record Lease(string Address, byte[] RelayAgent)
{
    /// <summary>Sub-option 1, without code and length.</summary>
    public byte[] CircuitId
    {
        get
        {
            RelayAgent[0].ShouldBe((byte)1);
            return RelayAgent[2..(2 + RelayAgent[1])];
        }
    }
}
