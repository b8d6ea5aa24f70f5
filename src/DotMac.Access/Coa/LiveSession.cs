using System.Net;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Coa;

/// <summary>A session to disconnect, with what is needed to reach its NAS.</summary>
/// <param name="Nasname">The NAS's registered address or network; null when it is not registered any more.</param>
/// <param name="NasIpAddress">What the NAS called itself in accounting.</param>
/// <param name="Secret">The NAS's shared secret, sealed.</param>
internal sealed record LiveSession(
    string AcctSessionId,
    string AcctUniqueId,
    long Number,
    string? Username,
    Guid? SubscriberId,
    string NasIpAddress,
    string? FramedIpAddress,
    Guid? NasId,
    string? Shortname,
    string? Nasname,
    int? CoaPort,
    byte[]? Secret
)
{
    private const string Select = """
        SELECT r.acctsessionid AS acct_session_id, r.acctuniqueid AS acct_unique_id, r.radacctid AS number, r.username, r.subscriber_id,
            host(r.nasipaddress) AS nas_ip_address, host(r.framedipaddress) AS framed_ip_address,
            n.id AS nas_id, n.shortname, n.nasname::text AS nasname, n.coa_port, n.secret
        FROM radacct r LEFT JOIN nas n ON n.id = r.nas_id
        WHERE r.acctstoptime IS NULL

        """;

    public static Task<IReadOnlyList<LiveSession>> OfSubscriberAsync(UnitOfWork work, Guid subscriber, CancellationToken ct) =>
        FindAsync(work, "AND r.subscriber_id = @subscriber ORDER BY r.radacctid", new { subscriber }, ct);

    /// <summary>By a name in any case; also sessions of no known subscriber.</summary>
    public static Task<IReadOnlyList<LiveSession>> OfUsernameAsync(UnitOfWork work, string username, CancellationToken ct) =>
        FindAsync(work, "AND lower(r.username) = @username ORDER BY r.radacctid", new { username = username.ToLowerInvariant() }, ct);

    /// <summary>By the API's id of a session, its Acct-Unique-Session-Id, or its Acct-Session-Id.</summary>
    public static async Task<IReadOnlyList<LiveSession>> OfSessionIdAsync(UnitOfWork work, string sessionId, CancellationToken ct)
    {
        var (uniqueId, number) = SessionId.Read(sessionId);
        var exact = await FindAsync(
            work,
            "AND r.acctuniqueid = @uniqueId AND (@number::bigint IS NULL OR r.radacctid = @number)",
            new { uniqueId, number },
            ct
        );
        return exact.Count > 0
            ? exact
            : await FindAsync(work, "AND r.acctsessionid = @sessionId ORDER BY r.radacctid", new { sessionId }, ct);
    }

    private static async Task<IReadOnlyList<LiveSession>> FindAsync(UnitOfWork work, string which, object values, CancellationToken ct) =>
        (
            await work.Connection.QueryAsync<LiveSession>(
                new CommandDefinition(Select + which, values, work.Transaction, cancellationToken: ct)
            )
        ).ToList();

    /// <summary>
    /// Where its NAS listens: the registered address; of a registered network, the address that the NAS gave for itself, when it lies
    /// inside. Never that address alone: a NAS may report one that its packets do not come from.
    /// </summary>
    public IPEndPoint? Listener()
    {
        if (Nasname is null || CoaPort is not { } port)
        {
            return null;
        }

        var registered = IPNetwork.Parse(Nasname);
        if (registered.PrefixLength == registered.BaseAddress.GetAddressBytes().Length * 8)
        {
            return new IPEndPoint(registered.BaseAddress, port);
        }

        var reported = IPAddress.Parse(NasIpAddress);
        return registered.Contains(reported) ? new IPEndPoint(reported, port) : null;
    }
}
