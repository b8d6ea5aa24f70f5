using System.Net;

namespace DotMac.Access.Aaa;

/// <summary>Where the AAA role listens and keeps its journal.</summary>
public sealed record AaaOptions
{
    /// <summary>Address of both listeners; <see cref="IPAddress.IPv6Any"/> serves IPv4 as well.</summary>
    public required IPAddress Bind { get; init; }

    /// <summary>UDP port of Access-Requests; RFC 2865 says 1812.</summary>
    public required int AuthPort { get; init; }

    /// <summary>UDP port of Accounting-Requests; RFC 2866 says 1813.</summary>
    public required int AcctPort { get; init; }

    /// <summary>RADIUS over TLS; null: not served.</summary>
    public RadSecOptions? RadSec { get; init; }

    /// <summary>Rejects of one name or calling station in a minute that are answered at once; beyond, they are delayed. 0: always at once.</summary>
    public int RejectsPerMinute { get; init; } = 30;

    /// <summary>Folder of the snapshot's image, from which logins are served after a start without the database. It holds sealed passwords.</summary>
    public required string SnapshotFolder { get; init; }

    /// <summary>Folder of the accounting journal. Must be on a disk that survives a restart.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>For how long, after a start or an outage, no session is ended for being silent.</summary>
    public TimeSpan GhostGrace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>From so many octets waiting for the database on, the health says so.</summary>
    public long JournalWarnBytes { get; init; } = 1L << 30;
}
