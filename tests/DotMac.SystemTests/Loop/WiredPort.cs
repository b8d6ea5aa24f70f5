using System.Globalization;
using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Loop;

/// <summary>
/// A switch port with 802.1X (hostapd, wired driver) as the NAS, and a computer behind it (wpa_supplicant). The port knows no octets; it
/// disconnects on request, provided the request is signed and of this minute.
/// </summary>
public sealed class WiredPort : IAsyncDisposable
{
    public const int DisconnectPort = 3799;
    private readonly Machine port;
    private readonly Machine computer;
    private MachineProcess? supplicant;
    private int computers;

    private WiredPort(Machine port, Machine computer, IPAddress here, IPAddress address)
    {
        this.port = port;
        this.computer = computer;
        Here = here;
        Address = address;
    }

    /// <summary>This machine as the NAS sees it.</summary>
    public IPAddress Here { get; }

    public IPAddress Address { get; }

    /// <summary>MAC address of the computer that was plugged in last, as the NAS writes it.</summary>
    public string Computer { get; private set; } = "";

    public static async Task<WiredPort> CableAsync()
    {
        var port = await Machine.StartAsync("switch");
        var computer = await Machine.StartAsync("computer");
        var (here, there) = await port.CableToHereAsync();
        await port.CableAsync("port1", "", computer, "eth0", "");
        return new WiredPort(port, computer, here, there);
    }

    public async Task StartAsync(RadiusDoor door)
    {
        var file = Path.Combine(Workspace.NewFolder("switch"), "hostapd.conf");
        await File.WriteAllTextAsync(file, Configuration(door));
        var hostapd = port.Start("hostapd", ["-d", file]);
        await hostapd.WaitForAsync("AP-ENABLED");
    }

    /// <summary>The computer asks to be let in; answers whether it was.</summary>
    /// <param name="method">EAP method of wpa_supplicant: MD5, TTLS, PEAP.</param>
    /// <param name="inner">What goes on inside the tunnel: auth=PAP, auth=MSCHAPV2; empty without a tunnel.</param>
    public async Task<bool> PlugInAsync(string method, string inner, string username, string password, string authority)
    {
        var folder = Workspace.NewFolder("computer");
        var file = Path.Combine(folder, "wpa.conf");
        var tunnel = inner.Length == 0 ? "" : $"phase2=\"{inner}\"\n    ca_cert=\"{authority}\"\n    domain_match=\"{EapServer.Name}\"";
        await File.WriteAllTextAsync(
            file,
            $$"""
            ctrl_interface=/run/wpa
            ap_scan=0
            network={
                key_mgmt=IEEE8021X
                eapol_flags=0
                eap={{method}}
                identity="{{username}}"
                password="{{password}}"
                {{tunnel}}
            }

            """
        );
        await ReplaceComputerAsync();
        supplicant = computer.Start("wpa_supplicant", ["-D", "wired", "-i", "eth0", "-c", file]);
        await supplicant.WaitForAsync(
            () =>
                supplicant.Output.Contains("CTRL-EVENT-EAP-SUCCESS", StringComparison.Ordinal)
                || supplicant.Output.Contains("CTRL-EVENT-EAP-FAILURE", StringComparison.Ordinal),
            "the port has decided",
            TimeSpan.FromSeconds(90)
        );
        return supplicant.Output.Contains("CTRL-EVENT-EAP-SUCCESS", StringComparison.Ordinal);
    }

    /// <summary>The computer leaves the port by its own will (EAPOL-Logoff).</summary>
    public Task LogOffAsync() => computer.MustAsync("wpa_cli", "-p", "/run/wpa", "-i", "eth0", "logoff");

    /// <summary>Another computer takes the place: the port lets one that it refused wait for a minute.</summary>
    private async Task ReplaceComputerAsync()
    {
        if (supplicant is not null)
        {
            await computer.MustAsync("sh", "-c", "kill -9 $(pidof wpa_supplicant)");
            await supplicant.DisposeAsync();
        }

        var number = ++computers;
        Computer = $"02-00-00-00-00-{number.ToString("X2", CultureInfo.InvariantCulture)}";
        await computer.MustAsync("ip", "link", "set", "eth0", "address", Computer.Replace('-', ':'));
    }

    public string Log() => port.Log() + computer.Log();

    public async ValueTask DisposeAsync()
    {
        await computer.DisposeAsync();
        await port.DisposeAsync();
    }

    private string Configuration(RadiusDoor door) =>
        $"""
            interface=port1
            driver=wired
            logger_stdout=-1
            logger_stdout_level=1
            ieee8021x=1
            eap_reauth_period=0
            use_pae_group_addr=1
            own_ip_addr={Address}
            nas_identifier=switch
            auth_server_addr={door.Address}
            auth_server_port={Text(door.AuthPort)}
            auth_server_shared_secret={door.Secret}
            acct_server_addr={door.Address}
            acct_server_port={Text(door.AcctPort)}
            acct_server_shared_secret={door.Secret}
            radius_acct_interim_interval=2
            radius_das_port={Text(DisconnectPort)}
            radius_das_client={door.Address} {door.Secret}
            radius_das_time_window=300
            radius_das_require_event_timestamp=1
            radius_das_require_message_authenticator=1

            """;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
