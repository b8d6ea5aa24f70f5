using DotMac.Kernel.Data;

namespace DotMac.Kernel.Sagas;

/// <summary>A run taken by this worker, and the token that proves it.</summary>
internal sealed record RunLease(Guid TenantId, Guid Id, string Definition, int Version, Guid Token);

/// <summary>The runs of all tenants as a worker sees them: what is due and when, never what it is about.</summary>
internal sealed class RunQueue(Databases databases, SagaRegistry registry, SagaOptions options)
{
    private const string Claim = "SELECT tenant_id, id, definition, version, lease_token FROM saga_claim($1, $2, $3, $4, $5, $6)";

    // A row that is locked right now is in a transaction of its own worker, which renews it by itself at its end.
    private const string Renew = """
        UPDATE saga_runs r SET leased_until = clock_timestamp() + $2
        FROM (SELECT tenant_id, id FROM saga_runs WHERE status IN (0, 1, 4) AND lease_token = ANY ($1) FOR UPDATE SKIP LOCKED) c
        WHERE r.tenant_id = c.tenant_id AND r.id = c.id
        """;

    private const string LetGo = """
        UPDATE saga_runs SET lease_token = NULL, leased_until = NULL, leased_by = NULL, claims = greatest(claims - 1, 0)
        WHERE tenant_id = $1 AND id = $2 AND lease_token = $3
        """;

    private const string Return = """
        UPDATE saga_runs SET missing = array_remove(missing, $3) WHERE tenant_id = $1 AND id = $2 AND missing @> ARRAY[$3::uuid]
        """;

    private const string MarkUnknown = """
        UPDATE saga_runs q SET unknown_since = clock_timestamp()
        WHERE q.status IN (0, 1, 4) AND q.unknown_since IS NULL AND q.due_at <= clock_timestamp()
            AND (q.leased_until IS NULL OR q.leased_until < clock_timestamp())
            AND q.definition || '/' || q.version <> ALL ($1)
        """;

    private const string Dead = """
        SELECT t.tenant_id, count(r.id) FROM tenants t LEFT JOIN saga_runs r ON r.tenant_id = t.tenant_id AND r.status = 6 GROUP BY t.tenant_id
        """;

    /// <summary>
    /// So many workers lost with a run or too slow for it, one after the other and with nothing come of it, and it is suspected: it might end its worker
    /// again, or hold it up. Fewer are nobody's fault: a node that is ended over and over takes a dozen runs along each time.
    /// </summary>
    private const int Suspected = 4;

    private static readonly string Owner = $"{Environment.MachineName}/{Environment.ProcessId}";
    private readonly string[] known = [.. registry.All.Select(d => $"{d.Name}/{d.Version}").Order(StringComparer.Ordinal)];

    /// <summary>Takes up to <paramref name="most"/> due runs whose definitions this node knows.</summary>
    public Task<IReadOnlyList<RunLease>> ClaimAsync(int most, CancellationToken ct) => ClaimAsync(most, suspected: false, ct);

    /// <summary>
    /// Takes one of those with which workers were lost before. Never two of them in one process: the one that ends it would take the other along, and
    /// neither could be told from the other.
    /// </summary>
    public async Task<RunLease?> ClaimSuspectedAsync(CancellationToken ct) =>
        (await ClaimAsync(1, suspected: true, ct)) is [var lease] ? lease : null;

    private async Task<IReadOnlyList<RunLease>> ClaimAsync(int most, bool suspected, CancellationToken ct)
    {
        await using var command = databases.Platform.CreateCommand(Claim);
        command.Parameters.AddWithValue(known);
        command.Parameters.AddWithValue(options.Lease);
        command.Parameters.AddWithValue(Owner);
        command.Parameters.AddWithValue(most);
        command.Parameters.AddWithValue(Suspected);
        command.Parameters.AddWithValue(suspected);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var leases = new List<RunLease>();
        while (await reader.ReadAsync(ct))
        {
            leases.Add(new RunLease(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt32(3), reader.GetGuid(4)));
        }

        return leases;
    }

    public async Task RenewAsync(IReadOnlyCollection<Guid> tokens, CancellationToken ct)
    {
        await using var command = databases.Platform.CreateCommand(Renew);
        command.Parameters.AddWithValue(tokens.ToArray());
        command.Parameters.AddWithValue(options.Lease);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Gives a run back before its time, so that another worker may go on at once.</summary>
    public async Task LetGoAsync(RunLease lease, CancellationToken ct)
    {
        await using var command = databases.Platform.CreateCommand(LetGo);
        command.Parameters.AddWithValue(lease.TenantId);
        command.Parameters.AddWithValue(lease.Id);
        command.Parameters.AddWithValue(lease.Token);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Says that the worker of a lease that ran out was slow and not lost: it counts towards <see cref="SagaOptions.MostSlow"/> and not towards
    /// <see cref="SagaOptions.MostClaims"/>. Where something came of a step since, its lease is not among the counted, and nothing changes.
    /// </summary>
    public async Task CameBackAsync(RunLease lease, CancellationToken ct)
    {
        await using var command = databases.Platform.CreateCommand(Return);
        command.Parameters.AddWithValue(lease.TenantId);
        command.Parameters.AddWithValue(lease.Id);
        command.Parameters.AddWithValue(lease.Token);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Says of runs that are due and of a version unknown here that they wait for a node that knows it.</summary>
    public async Task MarkUnknownAsync(CancellationToken ct)
    {
        await using var command = databases.Platform.CreateCommand(MarkUnknown);
        command.Parameters.AddWithValue(known);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How many runs of each tenant are in the dead-letter.</summary>
    public async Task<IReadOnlyList<(Guid Tenant, long Count)>> CountDeadAsync(CancellationToken ct)
    {
        await using var command = databases.Platform.CreateCommand(Dead);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var counts = new List<(Guid, long)>();
        while (await reader.ReadAsync(ct))
        {
            counts.Add((reader.GetGuid(0), reader.GetInt64(1)));
        }

        return counts;
    }
}
