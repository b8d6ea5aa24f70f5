using System.Net;

namespace DotMac.Bench.Servers;

/// <summary>One server under measurement.</summary>
/// <param name="Key">Its name for <c>--only</c>.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Acct">Null when it does no accounting.</param>
/// <param name="ProcessId">Whose processor time counts as its own.</param>
/// <param name="UsesDatabase">Whether PostgreSQL's processor time counts as well.</param>
/// <param name="Signs">Whether its answers carry a Message-Authenticator.</param>
internal sealed record Server(string Key, string Title, IPEndPoint Auth, IPEndPoint? Acct, int ProcessId, bool UsesDatabase, bool Signs)
{
    /// <summary>Counts the accounting records that are in its table, where it keeps one.</summary>
    public Func<Task<long>>? StoredAsync { get; init; }

    /// <summary>Counts the answers to Access-Requests that are in its log, where it keeps one.</summary>
    public Func<Task<long>>? LoggedAsync { get; init; }
}
