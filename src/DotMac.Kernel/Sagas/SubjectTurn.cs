using Dapper;
using DotMac.Kernel.Data;
using Npgsql;

namespace DotMac.Kernel.Sagas;

/// <summary>How a run that was ordered for later comes by its subject when its time has come: those of one subject in the order of their times.</summary>
internal static class SubjectTurn
{
    private const string Savepoint = "turn";

    private const string Before = """
        SELECT r.id FROM saga_runs r
        WHERE r.tenant_id = @TenantId AND r.subject_id = @SubjectId AND r.id <> @Id
            AND ((r.status IN (0, 1, 4, 6) AND NOT r.queued)
                OR (r.status = 0 AND r.queued AND NOT r.cancel_requested
                    AND (r.not_before, r.id) < (SELECT me.not_before, me.id FROM saga_runs me WHERE me.tenant_id = @TenantId AND me.id = @Id)))
        ORDER BY r.queued, r.not_before, r.id LIMIT 1
        """;

    private const string Take = "UPDATE saga_runs SET queued = false WHERE tenant_id = @TenantId AND id = @Id";

    /// <summary>Taken: the subject is the run's own, to the end of its transaction and on. Else the run that goes before it, if it is known.</summary>
    public static async Task<(bool IsTaken, Guid? Ahead)> TakeAsync(UnitOfWork work, RunRecord run, CancellationToken ct)
    {
        if (await AheadAsync(work, run, ct) is { } ahead)
        {
            return (false, ahead);
        }

        await work.Transaction.SaveAsync(Savepoint, ct);
        try
        {
            await work.Connection.ExecuteAsync(Command(Take, work, run, ct));
            await work.Transaction.ReleaseAsync(Savepoint, ct);
            return (true, null);
        }
        catch (PostgresException e) when (e.ConstraintName == "saga_runs_subject_key")
        {
            // Begun at this very moment by somebody else.
            await work.Transaction.RollbackAsync(Savepoint, ct);
            return (false, await AheadAsync(work, run, ct));
        }
    }

    private static Task<Guid?> AheadAsync(UnitOfWork work, RunRecord run, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<Guid?>(Command(Before, work, run, ct));

    private static CommandDefinition Command(string sql, UnitOfWork work, RunRecord run, CancellationToken ct) =>
        new(
            sql,
            new
            {
                work.TenantId,
                run.Id,
                run.SubjectId,
            },
            work.Transaction,
            cancellationToken: ct
        );
}
