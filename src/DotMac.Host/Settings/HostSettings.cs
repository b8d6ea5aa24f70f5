using System.Net;
using DotMac.Access.Aaa;
using DotMac.Radius.Dictionaries;

namespace DotMac.Host.Settings;

/// <summary>Everything an operator can set, read once from the environment. The only place that reads it.</summary>
/// <remarks>
/// <para><b>Source:</b> <c>.env.example</c> says the same to the operator; a test keeps the two equal.</para>
/// <para><b>Units:</b> ports are UDP/TCP port numbers 1-65535.</para>
/// </remarks>
public sealed record HostSettings
{
    /// <summary>Absolute path of the folder that holds the private cluster, keys and the lock.</summary>
    public required string DataFolder { get; init; }

    /// <summary>True when the operator chose <see cref="DataFolder"/>: then it is never replaced by another.</summary>
    public required bool DataFolderChosen { get; init; }

    public required IPAddress HttpBind { get; init; }
    public required int HttpPort { get; init; }
    public required IPAddress RadiusBind { get; init; }
    public required int RadiusAuthPort { get; init; }
    public required int RadiusAcctPort { get; init; }

    /// <summary>Folder of the accounting journal; null: <c>journal</c> in the data folder.</summary>
    public string? JournalFolder { get; init; }

    /// <summary>From so many MiB of the journal waiting for the database on, the health says so.</summary>
    public int JournalWarnMib { get; init; }

    /// <summary>Seconds, after a start or an outage, in which no session is ended for being silent.</summary>
    public int GhostGraceSeconds { get; init; }

    /// <summary>RADIUS over TLS, its certificates read and checked; null: not served.</summary>
    public RadSecOptions? RadSec { get; init; }

    /// <summary>The built-in RADIUS dictionary with the site's own; null: the built-in one alone.</summary>
    public RadiusDictionary? Dictionary { get; init; }

    /// <summary>Connection string of the owner role, or null: run the private cluster.</summary>
    public string? Database { get; init; }

    /// <summary>Folder of the encryption keys when it is shared by several nodes; null: <c>keys</c> in the data folder.</summary>
    public string? KeysFolder { get; init; }

    public string? AdminEmail { get; init; }
    public string? AdminPassword { get; init; }

    /// <summary>Multiplies how often one may try to sign in, refresh and reset; 1 but for load tests.</summary>
    public int AuthRateFactor { get; init; } = 1;

    /// <summary>Rejects of one name or calling station in a minute that RADIUS answers at once; beyond, they are delayed; 0: never.</summary>
    public int RadiusRejectsPerMinute { get; init; } = 30;

    /// <summary>Networks besides the public internet that tenants' addresses (a CoA proxy, NetBox …) may lead into.</summary>
    public IReadOnlyList<IPNetwork> OutgoingAllow { get; init; } = [];

    /// <summary>The least severe record of the platform itself that is written; the framework under it writes warnings and worse.</summary>
    public required LogLevel LogLevel { get; init; }
    public required LogFormat LogFormat { get; init; }

    /// <summary>Base address of an OTLP receiver, or null: nothing is exported.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Null: told by the port, 4317 being gRPC's.</summary>
    public OtlpProtocol? OtlpProtocol { get; init; }

    /// <summary>Reads every setting; <paramref name="faults"/> lists all that is wrong, one line each, key first and the mend last.</summary>
    public static HostSettings Read(IReadOnlyDictionary<string, string> environment, out IReadOnlyList<string> faults)
    {
        var read = new SettingReader(environment);
        var data = read.Text("DOTMAC_DATA");
        var settings = new HostSettings
        {
            DataFolder = Path.GetFullPath(data ?? ".dotmac"),
            DataFolderChosen = data is not null,
            HttpBind = read.Address("DOTMAC_HTTP_BIND", IPAddress.Loopback),
            HttpPort = read.Port("DOTMAC_HTTP_PORT", 8080),
            RadiusBind = read.Address("DOTMAC_RADIUS_BIND", IPAddress.IPv6Any),
            RadiusAuthPort = read.Port("DOTMAC_RADIUS_AUTH_PORT", 1812),
            RadiusAcctPort = read.Port("DOTMAC_RADIUS_ACCT_PORT", 1813),
            RadSec = RadSecSettings.Read(read),
            Dictionary = DictionarySettings.Read(read),
            JournalFolder = read.Text("DOTMAC_JOURNAL") is { } journal ? Path.GetFullPath(journal) : null,
            JournalWarnMib = read.Number("DOTMAC_JOURNAL_WARN_MIB", 1024, 1, 1_000_000),
            GhostGraceSeconds = read.Number("DOTMAC_RADIUS_GHOST_GRACE", 900, 0, 86_400),
            Database = read.ConnectionString("DOTMAC_DATABASE"),
            AdminEmail = read.Email("DOTMAC_ADMIN_EMAIL"),
            AdminPassword = read.Password("DOTMAC_ADMIN_PASSWORD"),
            AuthRateFactor = read.Number("DOTMAC_AUTH_RATE_FACTOR", 1, 1, 1_000_000),
            RadiusRejectsPerMinute = read.Number("DOTMAC_RADIUS_REJECTS_PER_MINUTE", 30, 0, 1_000_000),
            OutgoingAllow = read.Networks("DOTMAC_OUTGOING_ALLOW"),
            KeysFolder = read.Text("DOTMAC_KEYS") is { } keys ? Path.GetFullPath(keys) : null,
            LogLevel = read.Choice("DOTMAC_LOG_LEVEL", LogLevel.Information),
            LogFormat = read.Choice("DOTMAC_LOG_FORMAT", LogFormat.Text),
            OtlpProtocol = read.Protocol("OTEL_EXPORTER_OTLP_PROTOCOL"),
            OtlpEndpoint = read.HttpAddress("OTEL_EXPORTER_OTLP_ENDPOINT"),
        };
        if (settings.RadiusAuthPort == settings.RadiusAcctPort)
        {
            read.Fault(
                "DOTMAC_RADIUS_ACCT_PORT",
                $"{settings.RadiusAcctPort} is also the authentication port. Set two different ports, e.g. 1812 and 1813."
            );
        }

        faults = read.Faults;
        return settings;
    }

    /// <summary>The process's environment as a dictionary.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}

/// <summary>How log records are written to standard output.</summary>
public enum LogFormat
{
    Text,
    Json,
}

/// <summary>The two encodings of OTLP; JSON is not spoken.</summary>
public enum OtlpProtocol
{
    Grpc,
    HttpProtobuf,
}
