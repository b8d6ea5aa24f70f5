using System.CommandLine;
using System.Globalization;
using System.Net;
using DotMac.Access.FreeRadius.Config;
using DotMac.Host.Settings;

namespace DotMac.Host.Commands;

/// <summary>The command line of <c>dotmac freeradius config</c>.</summary>
internal sealed class FreeRadiusConfigOptions
{
    public required string Tenant { get; init; }
    public required FreeRadiusWay Way { get; init; }
    public string? ApiKey { get; init; }
    public required Func<HostSettings, ConfigDirectoryOptions> ToDirectory { get; init; }

    public static Command Create(Func<HostSettings, FreeRadiusConfigOptions, CancellationToken, Task<int>> run)
    {
        var tenant = new Option<string>("--tenant") { Description = "Slug of the tenant that this FreeRADIUS serves.", Required = true };
        var way = new Option<FreeRadiusWay>("--way")
        {
            Description = "rest: ask the platform. sql: read the tenant's tables.",
            Required = true,
        };
        var folder = new Option<string>("--out") { Description = "Directory to write; its files are replaced.", Required = true };
        var api = new Option<Uri?>("--api-url")
        {
            Description = "The platform's address (way rest). Default: this machine, DOTMAC_HTTP_PORT.",
        };
        var keyFile = new Option<FileInfo?>("--api-key-file")
        {
            Description = "A file with an API key to use; without it one is made (way rest).",
        };
        var ca = new Option<string?>("--ca-file") { Description = "CA of the platform's certificate, PEM (way rest over https)." };
        var packaged = new Option<string>("--packaged")
        {
            Description = "Folder of FreeRADIUS's own configuration.",
            DefaultValueFactory = _ => "/etc/freeradius/3.0",
        };
        var auth = Port("--auth-port", 1812, "UDP port for authentication.");
        var acct = Port("--acct-port", 1813, "UDP port for accounting.");
        var coa = Port("--coa-port", 0, "UDP port on which CoA is answered with a refusal; 0: none.");
        var clients = new Option<string[]>("--clients")
        {
            Description = "Networks that the NAS are in, e.g. 10.0.0.0/8. Default: everywhere.",
            AllowMultipleArgumentsPerToken = true,
        };
        var lifetime = Port("--client-lifetime", 60, "Seconds after which a NAS is looked up anew.");
        var delay = Port("--reject-delay", 1, "Seconds that a reject is held back.");
        var certificate = new Option<string?>("--eap-certificate") { Description = "Server certificate for EAP-TTLS and PEAP, PEM." };
        var key = new Option<string?>("--eap-key") { Description = "Its private key, PEM." };
        var user = new Option<string?>("--user") { Description = "Account to change to when root starts it, e.g. freerad." };
        var command = new Command("config", "Write a configuration directory that freeradius accepts and runs.")
        {
            tenant,
            way,
            folder,
            api,
            keyFile,
            ca,
            packaged,
            auth,
            acct,
            coa,
            clients,
            lifetime,
            delay,
            certificate,
            key,
            user,
        };
        command.SetAction(
            (parsed, _) =>
                Cli.RunAsync(
                    (settings, ct) =>
                        run(
                            settings,
                            new FreeRadiusConfigOptions
                            {
                                Tenant = parsed.GetValue(tenant)!,
                                Way = parsed.GetValue(way),
                                ApiKey = parsed.GetValue(keyFile) is { } file ? File.ReadAllText(file.FullName).Trim() : null,
                                ToDirectory = host => new ConfigDirectoryOptions
                                {
                                    Folder = Path.GetFullPath(parsed.GetValue(folder)!),
                                    Way = parsed.GetValue(way),
                                    Tenant = parsed.GetValue(tenant)!,
                                    Secret = "",
                                    Packaged = parsed.GetValue(packaged)!,
                                    Api =
                                        parsed.GetValue(api)
                                        ?? new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{host.HttpPort}")),
                                    CaFile = parsed.GetValue(ca),
                                    AuthPort = parsed.GetValue(auth),
                                    AcctPort = parsed.GetValue(acct),
                                    CoaPort = parsed.GetValue(coa) is var port and not 0 ? port : null,
                                    Clients = Networks(parsed.GetValue(clients)),
                                    ClientLifetime = parsed.GetValue(lifetime),
                                    RejectDelay = parsed.GetValue(delay),
                                    EapCertificate = parsed.GetValue(certificate),
                                    EapKey = parsed.GetValue(key),
                                    User = parsed.GetValue(user),
                                },
                            },
                            ct
                        )
                )
        );
        return command;
    }

    private static Option<int> Port(string name, int usual, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => usual };

    private static IReadOnlyList<IPNetwork> Networks(string[]? given) =>
        given is not { Length: > 0 }
            ? [new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0)]
            :
            [
                .. given.Select(text =>
                    IPNetwork.TryParse(text, out var network)
                        ? network
                        : throw new StartRefusal($"--clients: \"{text}\" is no network. Write it like 10.0.0.0/8.", ExitCodes.Usage)
                ),
            ];
}
