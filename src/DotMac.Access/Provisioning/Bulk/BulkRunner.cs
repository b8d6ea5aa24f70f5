using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>Moves one job on by one step, inside one unit of work: gathers what has ended, decides, and begins the next wave.</summary>
internal sealed class BulkRunner(
    UnitOfWork work,
    IServiceScopeFactory scopes,
    CurrentCaller caller,
    AuditTrail audit,
    TimeProvider clock,
    ILogger<BulkRunner> log
)
{
    private const string Savepoint = "bulk_item";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan WhenBusy = TimeSpan.FromSeconds(2);

    /// <summary>How often one whose line another run has goes back to the end of the queue before it counts as failed.</summary>
    private const int MostTurns = 10;

    private const string Lock = """
        SELECT id, kind, parameters::text AS parameters, state, wave, wave_size, wave_pause_seconds, stop_error_percent, total,
            waiting, started, done, failed, skipped, cancelled, judged_failed, judged_ended
        FROM bulk_jobs WHERE id = @id AND due_at <= @now FOR UPDATE SKIP LOCKED
        """;

    // Completed and degraded did what was asked; undone, stuck and given up did not.
    private const string Gather = """
        WITH gathered AS (
            UPDATE bulk_items i SET state = CASE WHEN r.status IN (2, 3) THEN 2 ELSE 3 END, ended_at = @now,
                error_code = CASE WHEN r.status IN (2, 3) THEN NULL ELSE coalesce(r.error_code, 'run.undone') END, error_message = r.error_message
            FROM saga_runs r WHERE i.job_id = @id AND i.state = 1 AND r.id = i.run_id AND r.status IN (2, 3, 5, 6, 7)
            RETURNING i.state)
        SELECT count(*) FILTER (WHERE state = 2)::int AS done, count(*) FILTER (WHERE state = 3)::int AS failed FROM gathered
        """;

    private const string Keep = """
        UPDATE bulk_jobs SET state = @state, state_reason = coalesce(@reason, state_reason), wave = @wave, due_at = @due,
            finished_at = CASE WHEN @finished THEN @now END,
            waiting = @Waiting, started = @Started, done = @Done, failed = @Failed, skipped = @Skipped, cancelled = @Cancelled
        WHERE id = @id
        """;

    private const string KeepItem = """
        UPDATE bulk_items SET state = @state, wave = @wave, run_id = @RunId, before = @Before, error_code = @code, error_message = @message,
            ended_at = CASE WHEN @state NOT IN (0, 1) THEN @now END,
            turns = CASE WHEN @state = 0 THEN turns + 1 ELSE turns END, ordinal = CASE WHEN @state = 0 THEN ordinal + @total ELSE ordinal END
        WHERE job_id = @id AND subscriber_id = @subscriber
        """;

    /// <summary>False: somebody else has the job, or it is not its time.</summary>
    public async Task<bool> MoveAsync(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await QueryAsync<Job>(Lock, new { id, now }, ct) is not [var job])
        {
            return false;
        }

        var gathered = (await QueryAsync<Gathered>(Gather, new { id, now }, ct))[0];
        var counts = job.Counts.WithEnded(gathered.Done, gathered.Failed);
        var state = (BulkState)job.State;
        var (failed, ended) = (counts.Failed - job.JudgedFailed, counts.Ended - job.JudgedEnded);
        if (state == BulkState.Running && BulkRule.Stops(failed, ended, job.Total - job.JudgedEnded, job.StopErrorPercent))
        {
            var reason = $"{failed} of {ended} failed; more than {job.StopErrorPercent} % stop it.";
            audit.Note("bulk_job.stopped", "bulk_job", id.ToString(), after: JsonSerializer.Serialize(new { reason }));
            await KeepAsync(job, counts, BulkState.Stopped, reason, counts.Started == 0 ? null : now + Look, counts.Started == 0, ct);
            return true;
        }

        if (counts.Started > 0)
        {
            await KeepAsync(job, counts, state, null, now + Look, false, ct);
            return true;
        }

        if (state != BulkState.Running)
        {
            await KeepAsync(job, counts, state, null, null, state != BulkState.Paused, ct);
            return true;
        }

        if (counts.Waiting == 0)
        {
            audit.Note(
                "bulk_job.completed",
                "bulk_job",
                id.ToString(),
                after: JsonSerializer.Serialize(new { counts.Ended, counts.Failed })
            );
            await KeepAsync(job, counts, BulkState.Completed, null, null, true, ct);
            return true;
        }

        if (gathered.Done + gathered.Failed > 0 && job.WavePauseSeconds > 0)
        {
            await KeepAsync(job, counts, state, null, now.AddSeconds(job.WavePauseSeconds), false, ct);
            return true;
        }

        var begun = await BeginWaveAsync(job, counts, ct);
        var pause =
            begun.Started > 0 ? Look
            : begun.Waiting == counts.Waiting ? WhenBusy
            : TimeSpan.FromSeconds(job.WavePauseSeconds);
        await KeepAsync(job with { Wave = job.Wave + 1 }, begun, state, null, now + pause, false, ct);
        return true;
    }

    /// <summary>How the items stand afterwards.</summary>
    private async Task<BulkCounts> BeginWaveAsync(Job job, BulkCounts counts, CancellationToken ct)
    {
        var parameters = JsonSerializer.Deserialize<BulkParameters>(job.Parameters, SagaJson.Options)!;
        var items = await QueryAsync<Item>(
            "SELECT subscriber_id, parameter, turns FROM bulk_items WHERE job_id = @Id AND state = 0 ORDER BY ordinal LIMIT @WaveSize",
            job,
            ct
        );
        foreach (var item in items)
        {
            var begun = await BeginAsync(job, parameters, item, ct);
            counts = counts.WithBegun(begun.State);
            await ExecuteAsync(
                KeepItem,
                new
                {
                    id = job.Id,
                    subscriber = item.SubscriberId,
                    state = (short)begun.State,
                    wave = job.Wave + 1,
                    total = job.Total,
                    begun.RunId,
                    begun.Before,
                    code = begun.Error?.Code,
                    message = begun.Error?.Message,
                    now = clock.GetUtcNow(),
                },
                ct
            );
        }

        return counts;
    }

    /// <summary>A part of its own: one that cannot be begun leaves no row, no audit entry and no event, and takes nothing of the others with it.</summary>
    private async Task<BulkBegun> BeginAsync(Job job, BulkParameters parameters, Item item, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = caller.Value;
        var part = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        part.Join(work);
        await work.Transaction.SaveAsync(Savepoint, ct);
        var begun = await TryAsync(scope.ServiceProvider.GetRequiredService<BulkStarter>());
        if (begun.State == BulkItemState.Failed)
        {
            await work.Transaction.RollbackAsync(Savepoint, ct);
            return begun.Error?.Code == RunErrors.SubjectBusy.Code && item.Turns < MostTurns
                ? begun with
                {
                    State = BulkItemState.Waiting,
                }
                : begun;
        }

        part.Leave(keep: true);
        return begun;

        async Task<BulkBegun> TryAsync(BulkStarter starter)
        {
            try
            {
                return await starter.BeginAsync(job.Id, (BulkKind)job.Kind, parameters, item.SubscriberId, item.Parameter, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException && work.Connection.FullState == System.Data.ConnectionState.Open)
            {
                log.LogError(e, "Bulk job {Job}: {Subscriber} could not be begun", job.Id, item.SubscriberId);
                return new BulkBegun(BulkItemState.Failed, Error: Kernel.Results.Error.Invalid("bulk.threw", e.Message));
            }
        }
    }

    private Task<int> KeepAsync(
        Job job,
        BulkCounts counts,
        BulkState state,
        string? reason,
        DateTimeOffset? due,
        bool finished,
        CancellationToken ct
    ) =>
        ExecuteAsync(
            Keep,
            new
            {
                id = job.Id,
                state = (short)state,
                reason,
                wave = job.Wave,
                due,
                finished,
                now = clock.GetUtcNow(),
                counts.Waiting,
                counts.Started,
                counts.Done,
                counts.Failed,
                counts.Skipped,
                counts.Cancelled,
            },
            ct
        );

    private Task<int> ExecuteAsync(string sql, object values, CancellationToken ct) =>
        work.Connection.ExecuteAsync(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct));

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object values, CancellationToken ct) =>
        [.. await work.Connection.QueryAsync<T>(new CommandDefinition(sql, values, work.Transaction, cancellationToken: ct))];

    private sealed record Job(
        Guid Id,
        short Kind,
        string Parameters,
        short State,
        int Wave,
        int WaveSize,
        int WavePauseSeconds,
        int StopErrorPercent,
        int Total,
        int Waiting,
        int Started,
        int Done,
        int Failed,
        int Skipped,
        int Cancelled,
        int JudgedFailed,
        int JudgedEnded
    )
    {
        public BulkCounts Counts => new(Waiting, Started, Done, Failed, Skipped, Cancelled);
    }

    private sealed record Gathered(int Done, int Failed);

    private sealed record Item(Guid SubscriberId, string? Parameter, short Turns);
}
