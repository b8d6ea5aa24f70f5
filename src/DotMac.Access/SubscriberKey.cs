using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access;

/// <summary>Finds the subscriber that a route's key means: its id or its username.</summary>
internal static class SubscriberKey
{
    /// <summary>Both route bases of subscribers: the same use cases answer.</summary>
    public static readonly string[] Bases = ["/subscribers", "/radius/subscribers"];

    /// <summary>Name of the endpoint under one of the bases.</summary>
    public static string Name(string useCase, string routeBase) => routeBase == Bases[0] ? useCase : useCase + "Radius";

    /// <summary>
    /// The id, or null. A slash in a username comes as %2F, which the server leaves as it is in a path; the raw key is tried first,
    /// because % too may stand in a username.
    /// </summary>
    public static Task<Guid?> FindAsync(UnitOfWork work, string key, CancellationToken ct)
    {
        var name = key.Trim().ToLowerInvariant();
        return work.Connection.QueryFirstOrDefaultAsync<Guid?>(
            new CommandDefinition(
                """
                SELECT id FROM subscribers WHERE deleted_at IS NULL AND (id = @id OR username = @name OR username = @unescaped)
                ORDER BY (id = @id) DESC, (username = @name) DESC LIMIT 1
                """,
                new
                {
                    id = Guid.TryParse(key, out var id) ? id : Guid.Empty,
                    name,
                    unescaped = name.Replace("%2f", "/", StringComparison.Ordinal),
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
    }
}
