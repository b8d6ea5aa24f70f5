using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning.Bulk;

internal sealed record NewBulkJob(
    BulkKind Kind,
    string Parameters,
    string Filter,
    string Fingerprint,
    int WaveSize,
    int WavePauseSeconds,
    int StopErrorPercent,
    Guid? UndoOf
);

/// <param name="Parameter">Of this one.</param>
internal sealed record NewBulkItem(Guid SubscriberId, string? Parameter);

/// <summary>Puts jobs down and steers them, inside the caller's unit of work.</summary>
internal sealed class BulkJobs(UnitOfWork work, CurrentCaller caller, TimeProvider clock)
{
    private const string Put = """
        INSERT INTO bulk_jobs (tenant_id, id, kind, parameters, filter, fingerprint, total, waiting, wave_size, wave_pause_seconds, stop_error_percent, due_at,
            undo_of, created_at, created_by)
        VALUES (@TenantId, @id, @kind, @Parameters::jsonb, @Filter::jsonb, @Fingerprint, @total, @total, @WaveSize, @WavePauseSeconds, @StopErrorPercent, @now,
            @UndoOf, @now, @by)
        """;

    private const string PutItems = """
        INSERT INTO bulk_items (tenant_id, job_id, subscriber_id, ordinal, parameter)
        SELECT @TenantId, @id, t.who, t.n, t.parameter FROM unnest(@whom, @parameters) WITH ORDINALITY AS t (who, parameter, n)
        """;

    public async Task<Guid> PutAsync(NewBulkJob job, IReadOnlyList<NewBulkItem> items, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await ExecuteAsync(
            Put,
            new
            {
                work.TenantId,
                id,
                kind = (short)job.Kind,
                job.Parameters,
                job.Filter,
                job.Fingerprint,
                total = items.Count,
                job.WaveSize,
                job.WavePauseSeconds,
                job.StopErrorPercent,
                job.UndoOf,
                now,
                by = caller.Value.Name,
            },
            ct
        );
        await ExecuteAsync(
            PutItems,
            new
            {
                work.TenantId,
                id,
                whom = items.Select(i => i.SubscriberId).ToArray(),
                parameters = items.Select(i => i.Parameter).ToArray(),
            },
            ct
        );
        return id;
    }

    /// <summary>
    /// Pauses, goes on or cancels; what is under way ends by itself. One that had stopped is judged by what fails from now on. False: it is not in one of the
    /// states from which that leads.
    /// </summary>
    public async Task<bool> SteerAsync(Guid id, BulkState to, BulkState[] from, string? reason, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var steered = await ExecuteAsync(
            """
            UPDATE bulk_jobs SET state = @to, state_reason = @reason, due_at = @now, finished_at = NULL,
                judged_failed = CASE WHEN state = 4 THEN failed ELSE judged_failed END,
                judged_ended = CASE WHEN state = 4 THEN done + failed + skipped ELSE judged_ended END
            WHERE id = @id AND state = ANY (@from)
            """,
            new
            {
                id,
                to = (short)to,
                from = from.Select(s => (short)s).ToArray(),
                reason,
                now,
            },
            ct
        );
        if (steered > 0 && to == BulkState.Cancelled)
        {
            var spared = await ExecuteAsync(
                "UPDATE bulk_items SET state = 5, ended_at = @now WHERE job_id = @id AND state = 0",
                new { id, now },
                ct
            );
            await ExecuteAsync(
                "UPDATE bulk_jobs SET waiting = waiting - @spared, cancelled = cancelled + @spared WHERE id = @id",
                new { id, spared },
                ct
            );
        }

        return steered > 0;
    }

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken ct) =>
        work.Connection.ExecuteAsync(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));
}
