using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DotMac.Access.Coa;

/// <summary>
/// Writes one audit entry when nothing of a bulk change is left to ask: how many of each outcome, and a digest of every single answer, so that
/// coa_tasks cannot be changed later without its being seen (decision 44).
/// </summary>
internal sealed class CoaRunEnds(Databases databases, IServiceScopeFactory scopes, TimeProvider clock)
{
    private const string Ended = """
        SELECT r.tenant_id, r.id FROM coa_runs r
        WHERE r.finished_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM coa_tasks t WHERE t.tenant_id = r.tenant_id AND t.run_id = r.id AND t.state IN (0, 1, 2))
        LIMIT 100
        """;

    private const string Mark = "UPDATE coa_runs SET finished_at = @now WHERE id = @id AND finished_at IS NULL";

    /// <summary>What the digest covers of each session's answer: for whoever computes it again.</summary>
    internal const string Answers = """
        SELECT coalesce(outcome, 'not_asked') AS outcome, count(*) AS sessions FROM coa_tasks WHERE run_id = @id GROUP BY 1 ORDER BY 1;
        SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', id, acctuniqueid, session_number, username, state, outcome, error_cause,
            attempts, extract(epoch FROM answered_at)), E'\n' ORDER BY id), ''), 'UTF8')), 'hex') FROM coa_tasks WHERE run_id = @id
        """;

    public async Task NoteAsync(CancellationToken ct)
    {
        var ended = new List<(Guid Tenant, Guid Run)>();
        await using (NpgsqlCommand find = databases.Aaa.CreateCommand(Ended))
        {
            await using var reader = await find.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                ended.Add((reader.GetGuid(0), reader.GetGuid(1)));
            }
        }

        foreach (var (tenant, run) in ended)
        {
            await NoteAsync(tenant, run, ct);
        }
    }

    private async Task NoteAsync(Guid tenant, Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "coa");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        var values = new { id, now = clock.GetUtcNow() };
        if (await work.Connection.ExecuteAsync(new CommandDefinition(Mark, values, work.Transaction, cancellationToken: ct)) == 1)
        {
            await using var answers = await work.Connection.QueryMultipleAsync(
                new CommandDefinition(Answers, values, work.Transaction, cancellationToken: ct)
            );
            var outcomes = (await answers.ReadAsync<(string Outcome, long Sessions)>()).ToDictionary(
                o => o.Outcome,
                o => o.Sessions,
                StringComparer.Ordinal
            );
            var after = new
            {
                sessions = outcomes.Values.Sum(),
                outcomes,
                answers_sha256 = await answers.ReadSingleAsync<string>(),
            };
            scope
                .ServiceProvider.GetRequiredService<AuditTrail>()
                .Note("coa_run.finish", "coa_run", id.ToString(), after: JsonSerializer.Serialize(after));
        }

        await work.CommitAsync(ct);
    }
}
