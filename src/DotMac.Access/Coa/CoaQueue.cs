using DotMac.Kernel.Data;
using Npgsql;

namespace DotMac.Access.Coa;

/// <summary>The tasks of all tenants, as the worker sees them: takes what is due under a lease, and compares what was acknowledged with accounting.</summary>
internal sealed class CoaQueue(Databases databases, TimeProvider clock)
{
    // attempts and state are committed before anything is sent: whoever finds the row in state 1 without a lease knows that it may have been.
    private const string Claim = """
        UPDATE coa_tasks t SET maybe_twice = t.maybe_twice OR t.state = 1, state = 1, attempts = t.attempts + 1, asked_at = $1, leased_until = $2
        FROM (
            SELECT tenant_id, id FROM coa_tasks
            WHERE state IN (0, 1, 2) AND due_at <= $1 AND (leased_until IS NULL OR leased_until < $1)
            ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
        ) c
        WHERE t.tenant_id = c.tenant_id AND t.id = c.id
        RETURNING t.tenant_id, t.id, t.run_id, t.kind, t.change, t.acctuniqueid, t.session_number, t.nas_id, t.attempts, t.maybe_twice
        """;

    private const string Verify = """
        UPDATE coa_tasks t SET verification = 2, verified_at = $1 FROM radacct r
        WHERE t.verification = 1 AND r.tenant_id = t.tenant_id AND r.acctuniqueid = t.acctuniqueid AND r.radacctid = t.session_number
            AND (CASE
                WHEN t.kind = 1 OR (t.kind = 6 AND t.change = '{}') THEN r.acctstoptime IS NOT NULL
                WHEN t.change::jsonb ? 'else_drop' THEN r.changed_at > t.answered_at
                WHEN t.kind = 4 AND t.change::jsonb ? 'delegated_ipv6_prefix' THEN
                    r.acctstoptime IS NULL AND r.changed_at > t.answered_at AND r.delegatedipv6prefix = (t.change::jsonb ->> 'delegated_ipv6_prefix')::cidr
                ELSE r.acctstoptime IS NULL AND r.changed_at > t.answered_at END)
        """;

    private const string GiveUp = "UPDATE coa_tasks SET verification = 3, verified_at = $1 WHERE verification = 1 AND verify_until < $1";

    private const string Forget = "DELETE FROM coa_tasks WHERE state >= 3 AND verification <> 1 AND created_at < $1";

    public async Task<IReadOnlyList<CoaTask>> ClaimAsync(int most, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = databases.Aaa.CreateCommand(Claim);
        command.Parameters.AddWithValue(now.UtcDateTime);
        command.Parameters.AddWithValue((now + CoaTask.Lease).UtcDateTime);
        command.Parameters.AddWithValue(most);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tasks = new List<CoaTask>();
        while (await reader.ReadAsync(ct))
        {
            tasks.Add(
                new CoaTask
                {
                    TenantId = reader.GetGuid(0),
                    Id = reader.GetGuid(1),
                    RunId = reader.IsDBNull(2) ? null : reader.GetGuid(2),
                    Kind = (CoaKind)reader.GetInt16(3),
                    Change = CoaChange.Read(reader.GetString(4)),
                    AcctUniqueId = reader.GetString(5),
                    SessionNumber = reader.GetInt64(6),
                    NasId = reader.IsDBNull(7) ? null : reader.GetGuid(7),
                    Attempts = reader.GetInt32(8),
                    MaybeTwice = reader.GetBoolean(9),
                }
            );
        }

        return tasks;
    }

    /// <summary>Marks what accounting shows by now, and what it should have shown by now and does not.</summary>
    public async Task VerifyAsync(CancellationToken ct)
    {
        CoaMetrics.Verified("verified", await RunAsync(Verify, clock.GetUtcNow(), ct));
        CoaMetrics.Verified("unverified", await RunAsync(GiveUp, clock.GetUtcNow(), ct));
    }

    /// <summary>Lets go of what was settled long ago.</summary>
    public Task ForgetAsync(CancellationToken ct) => RunAsync(Forget, clock.GetUtcNow().AddDays(-30), ct);

    private async Task<int> RunAsync(string sql, DateTimeOffset at, CancellationToken ct)
    {
        await using NpgsqlCommand command = databases.Aaa.CreateCommand(sql);
        command.Parameters.AddWithValue(at.UtcDateTime);
        return await command.ExecuteNonQueryAsync(ct);
    }
}
