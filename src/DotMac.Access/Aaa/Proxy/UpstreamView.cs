using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>One server of an upstream, as the nodes that ask it find it.</summary>
/// <param name="State">alive, zombie (silent, being asked whether it lives), dead (silent for good), or unknown: nobody asked it yet.</param>
/// <param name="Answered">Answers since the nodes started.</param>
/// <param name="Timeouts">Requests that it did not answer in time.</param>
/// <param name="LatencyMs">Smoothed time to an answer.</param>
public sealed record UpstreamServerView(
    string Address,
    int AuthPort,
    int AcctPort,
    string State,
    DateTimeOffset? ChangedAt,
    long Answered,
    long Timeouts,
    double? LatencyMs
);

/// <summary>An upstream as the API shows it: never with its secret.</summary>
public sealed record UpstreamView(
    Guid Id,
    string Name,
    IReadOnlyList<UpstreamServerView> Servers,
    IReadOnlyList<string> Realms,
    bool StripRealm,
    bool Eap,
    bool ForwardAccounting,
    string Strategy,
    int Priority,
    int ResponseWindowMs,
    bool StatusServer,
    bool RequireMessageAuthenticator,
    string? Description,
    bool Enabled,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal const string Select = """
        SELECT u.id, u.name, u.servers, u.realms, u.strip_realm, u.eap, u.forward_accounting, u.strategy, u.priority, u.response_window_ms,
            u.status_server, u.require_message_authenticator, u.description, u.enabled, u.created_at, u.updated_at, u.version
        FROM radius_upstreams u

        """;

    // The worst of what the nodes of the last minute say.
    private const string Health = """
        SELECT upstream_id, server, CASE max(CASE state WHEN 'dead' THEN 2 WHEN 'zombie' THEN 1 ELSE 0 END) WHEN 2 THEN 'dead' WHEN 1 THEN 'zombie' ELSE 'alive' END AS state,
            max(changed_at) AS changed_at, sum(answered)::bigint AS answered, sum(timeouts)::bigint AS timeouts, avg(latency_ms) AS latency_ms
        FROM radius_upstream_health WHERE upstream_id = ANY (@ids) AND seen_at > now() - interval '1 minute' GROUP BY upstream_id, server
        """;

    internal static async Task<UpstreamView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        (await ReadAsync(work, "WHERE u.id = @id", new { id }, ct)) is [var one] ? one : null;

    internal static async Task<IReadOnlyList<UpstreamView>> ReadAsync(UnitOfWork work, string which, object values, CancellationToken ct)
    {
        var rows = (
            await work.Connection.QueryAsync<Row>(new CommandDefinition(Select + which, values, work.Transaction, cancellationToken: ct))
        ).ToList();
        var health = (
            await work.Connection.QueryAsync<HealthRow>(
                new CommandDefinition(Health, new { ids = rows.Select(r => r.Id).ToArray() }, work.Transaction, cancellationToken: ct)
            )
        ).ToDictionary(h => (h.UpstreamId, h.Server));
        return [.. rows.Select(r => r.ToView(health))];
    }

    internal sealed record HealthRow(
        Guid UpstreamId,
        string Server,
        string State,
        DateTimeOffset ChangedAt,
        long Answered,
        long Timeouts,
        double LatencyMs
    );

    /// <summary>Properties, not parameters: Dapper finds no constructor for what the driver says of arrays.</summary>
    internal sealed record Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string[] Servers { get; init; } = [];
        public string[] Realms { get; init; } = [];
        public bool StripRealm { get; init; }
        public bool Eap { get; init; }
        public bool ForwardAccounting { get; init; }
        public short Strategy { get; init; }
        public int Priority { get; init; }
        public int ResponseWindowMs { get; init; }
        public bool StatusServer { get; init; }
        public bool RequireMessageAuthenticator { get; init; }
        public string? Description { get; init; }
        public bool Enabled { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public int Version { get; init; }

        public UpstreamView ToView(Dictionary<(Guid, string), HealthRow> health) =>
            new(
                Id,
                Name,
                [.. Servers.Select(s => Server(s, health.GetValueOrDefault((Id, s)))).OfType<UpstreamServerView>()],
                Realms,
                StripRealm,
                Eap,
                ForwardAccounting,
                ((UpstreamStrategy)Strategy).ToString().ToLowerInvariant(),
                Priority,
                ResponseWindowMs,
                StatusServer,
                RequireMessageAuthenticator,
                Description,
                Enabled,
                CreatedAt,
                UpdatedAt,
                Version
            );

        private static UpstreamServerView? Server(string text, HealthRow? health) =>
            UpstreamServer.Parse(text) is not { } server
                ? null
                : new UpstreamServerView(
                    server.Address.ToString(),
                    server.AuthPort,
                    server.AcctPort,
                    health?.State ?? "unknown",
                    health?.ChangedAt,
                    health?.Answered ?? 0,
                    health?.Timeouts ?? 0,
                    health?.LatencyMs
                );
    }
}
