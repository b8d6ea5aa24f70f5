using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text;

namespace DotMac.Access.FreeRadius.Config;

/// <summary>Which way FreeRADIUS is to be served.</summary>
public enum FreeRadiusWay
{
    /// <summary>rlm_rest asks the platform.</summary>
    Rest,

    /// <summary>rlm_sql_postgresql reads and writes the tenant's schema with the stock queries.</summary>
    Sql,
}

/// <summary>What a configuration directory is written for.</summary>
public sealed record ConfigDirectoryOptions
{
    public required string Folder { get; init; }
    public required FreeRadiusWay Way { get; init; }
    public required string Tenant { get; init; }

    /// <summary>Folder of FreeRADIUS's own configuration, whose stock queries and policies are included.</summary>
    public string Packaged { get; init; } = "/etc/freeradius/3.0";

    /// <summary>Base address of the platform (way rest).</summary>
    public Uri Api { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>The API key (way rest) or the database role's password (way sql).</summary>
    public required string Secret { get; init; }

    public string DatabaseHost { get; init; } = "";
    public int DatabasePort { get; init; }
    public string DatabaseName { get; init; } = "";
    public string DatabaseRole { get; init; } = "";
    public int AuthPort { get; init; } = 1812;
    public int AcctPort { get; init; } = 1813;

    /// <summary>Null: no listener for CoA.</summary>
    public int? CoaPort { get; init; }

    /// <summary>Where packets of NAS may come from.</summary>
    public IReadOnlyList<IPNetwork> Clients { get; init; } = [new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0)];

    /// <summary>Seconds after which a NAS is looked up anew: for so long a changed secret is not in force.</summary>
    public int ClientLifetime { get; init; } = 60;

    /// <summary>Seconds that a reject is held back, so that guessing is slow.</summary>
    public int RejectDelay { get; init; } = 1;

    /// <summary>CA of the platform's certificate, PEM; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Server certificate and key, PEM, for EAP-TTLS and PEAP; null: those are not offered.</summary>
    public string? EapCertificate { get; init; }
    public string? EapKey { get; init; }

    /// <summary>The account that FreeRADIUS changes to when root starts it; null: none.</summary>
    public string? User { get; init; }
}

/// <summary>
/// Writes a directory that <c>freeradius -C -d DIR</c> accepts and <c>freeradius -f -d DIR</c> runs. Files are replaced whole; all are 0640
/// (secrets.conf holds the only secret), the directory 0750.
/// </summary>
[SupportedOSPlatform("linux")]
public static class ConfigDirectory
{
    private const UnixFileMode FileRights = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private const UnixFileMode FolderRights = FileRights | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    /// <summary>Writes the files; answers their names.</summary>
    public static IReadOnlyList<string> Write(ConfigDirectoryOptions options)
    {
        var way = options.Way == FreeRadiusWay.Rest ? "rest" : "sql";
        var run = Path.Combine(options.Folder, "run");
        Directory.CreateDirectory(options.Folder, FolderRights);
        Directory.CreateDirectory(run, FolderRights | UnixFileMode.GroupWrite);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["radiusd.conf"] = "radiusd.conf",
            ["clients.conf"] = "clients.conf",
            ["modules.conf"] = "modules.conf",
            ["access_reject"] = "access_reject",
            [way + ".conf"] = way + ".conf",
            ["eap.conf"] = "eap.conf",
            ["server.conf"] = "server.conf",
            ["policy.conf"] = $"policy-{way}.conf",
            ["dynamic-clients.conf"] = $"dynamic-clients-{way}.conf",
            ["README.md"] = $"README-{way}.md",
        };
        var values = Values(options, way, run);
        foreach (var (name, template) in files)
        {
            WriteFile(Path.Combine(options.Folder, name), Filled(template, values));
        }

        var item = options.Way == FreeRadiusWay.Rest ? "dotmac_api_key" : "dotmac_db_password";
        WriteFile(Path.Combine(options.Folder, "secrets.conf"), $"# Keep this to FreeRADIUS: mode 0640.\n{item} = \"{options.Secret}\"\n");
        return [.. files.Keys.Append("secrets.conf").Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Values(ConfigDirectoryOptions options, string way, string run)
    {
        var hasTls = options is { EapCertificate: not null, EapKey: not null };
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WAY"] = way,
            ["TENANT"] = options.Tenant,
            ["DIR"] = options.Folder,
            ["RUN"] = run,
            ["USER"] = options.User is { } user ? $"user = {user}\ngroup = {user}" : "",
            ["REJECT_DELAY"] = Text(options.RejectDelay),
            ["PACKAGED"] = options.Packaged,
            ["LIFETIME"] = Text(options.ClientLifetime),
            ["CLIENTS"] = Clients(options),
            ["API"] = options.Api.ToString().TrimEnd('/'),
            ["CA"] = options.CaFile is { } ca ? $"ca_file = \"{ca}\"" : "",
            ["DB_HOST"] = options.DatabaseHost,
            ["DB_PORT"] = Text(options.DatabasePort),
            ["DB_NAME"] = options.DatabaseName,
            ["DB_ROLE"] = options.DatabaseRole,
            ["EAP_DEFAULT"] = hasTls ? "ttls" : "md5",
            ["EAP_NOTE"] = hasTls
                ? " TTLS and PEAP with the certificate that was named."
                : " TTLS and PEAP need a certificate: --eap-certificate.",
            ["EAP_CERTIFICATE"] = options.EapCertificate ?? "",
            ["EAP_KEY"] = options.EapKey ?? "",
            ["AUTH_PORT"] = Text(options.AuthPort),
            ["ACCT_PORT"] = Text(options.AcctPort),
            ["COA_PORT"] = Text(options.CoaPort ?? 3799),
            ["LISTEN"] = Listen("auth", options.AuthPort) + Listen("acct", options.AcctPort),
        };
        values["EAP_TLS"] = hasTls ? Filled("eap-tls.conf", values) : "";
        values["COA"] = options.CoaPort is null ? "" : Filled("coa.conf", values);
        return values;
    }

    private static string Clients(ConfigDirectoryOptions options)
    {
        var text = new StringBuilder();
        foreach (var (network, number) in options.Clients.Select((n, i) => (n, i)))
        {
            var family = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "ipv4addr" : "ipv6addr";
            text.Append(
                CultureInfo.InvariantCulture,
                $"client dotmac_{number} {{\n\t{family} = {network}\n\tdynamic_clients = dotmac-clients\n\tlifetime = {options.ClientLifetime}\n}}\n"
            );
        }

        return text.ToString();
    }

    private static string Listen(string type, int port) => Listener(type, "ipv4addr = *", port) + Listener(type, "ipv6addr = ::", port);

    private static string Listener(string type, string address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"\tlisten {{\n\t\ttype = {type}\n\t\t{address}\n\t\tport = {port}\n\t}}\n");

    private static string Filled(string template, Dictionary<string, string> values)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream("freeradius/" + template)
            ?? throw new InvalidOperationException($"The template {template} is not part of this build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new StringBuilder(reader.ReadToEnd());
        foreach (var (name, value) in values)
        {
            text.Replace($"@{name}@", value);
        }

        return text.ToString();
    }

    /// <summary>Under another name first, so that a FreeRADIUS that starts meanwhile sees the old file or the new one.</summary>
    private static void WriteFile(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (
            var file = new FileStream(
                draft,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = FileRights,
                }
            )
        )
        {
            file.Write(Encoding.UTF8.GetBytes(text));
        }

        File.SetUnixFileMode(draft, FileRights);
        File.Move(draft, path, overwrite: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
