using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DotMac.Kernel.Sagas;

/// <summary>
/// Carries one leased run on until it ends or has to wait. Steps that stay in the database share one transaction, each behind a savepoint;
/// a step that calls out ends it with its intent, is made with nothing open, and its result begins the next.
/// </summary>
internal sealed class RunExecutor(
    IServiceScopeFactory scopes,
    SagaRegistry registry,
    SagaOptions options,
    TimeProvider clock,
    ILogger<RunExecutor> log
) : IDisposable
{
    private const string Savepoint = "step";
    private readonly SemaphoreSlim places = new(options.InDatabaseAtOnce);

    /// <exception cref="RunLostException">The lease is another's by now.</exception>
    public async Task CarryOnAsync(RunLease lease, CancellationToken stop)
    {
        RunRecord? run = null;
        StepAttempt? outside = null;
        bool goesOn;
        try
        {
            do
            {
                if (outside is not null)
                {
                    await outside.MakeOutsideAsync(stop);
                }

                using var place = await PlaceAsync(lease, stop);
                await using var scope = scopes.CreateAsyncScope();
                var work = await OpenAsync(scope, lease, stop);
                if (run is null)
                {
                    run = await LockAsync(work, lease, stop);
                    if (!await MayGoOnAsync(work, run, stop))
                    {
                        await CommitAsync(work, run, goesOn: false, stop);
                        return;
                    }
                }
                else
                {
                    run.CancelRequested |= await RunStore.RelockAsync(work, lease.Id, lease.Token, stop) ?? throw Lost(lease);
                }

                var committing = outside is not null && CommitsEach(run);
                if (outside is not null)
                {
                    Apply(run, outside);
                    await outside.DisposeAsync();
                    outside = null;
                }

                if (!committing)
                {
                    (outside, committing) = await InsideAsync(work, run, stop);
                }

                goesOn = outside is not null || committing;
                await CommitAsync(work, run, goesOn, stop);
            } while (goesOn);
        }
        finally
        {
            if (outside is not null)
            {
                await outside.DisposeAsync();
            }
        }
    }

    /// <summary>A worker was lost with it, or too slow: each step is committed by itself, so that the one that did it is known by its name.</summary>
    private static bool CommitsEach(RunRecord run) => run.Claims > 1;

    private async Task<Place> PlaceAsync(RunLease lease, CancellationToken stop)
    {
        if (registry.Find(lease.Definition, lease.Version)!.TakesLong)
        {
            return default;
        }

        await places.WaitAsync(stop);
        return new Place(places);
    }

    private async Task<UnitOfWork> OpenAsync(AsyncServiceScope scope, RunLease lease, CancellationToken stop)
    {
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(lease.TenantId, "run");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, lease.TenantId, stop);
        return work;
    }

    /// <summary>The fence: nobody commits anything of a run without having locked it under his own token in the same transaction.</summary>
    private async Task<RunRecord> LockAsync(UnitOfWork work, RunLease lease, CancellationToken stop)
    {
        var (row, steps) = await RunStore.LoadAsync(work, lease.Id, lease.Token, stop) ?? throw Lost(lease);
        var run = RunStore.Record(row, registry.Find(lease.Definition, lease.Version)!, steps);
        run.Leased(clock.GetUtcNow());
        return run;
    }

    /// <summary>Not when workers were lost with it, or too slow for it, again and again; nor, ordered for later, while another run has its subject.</summary>
    private async Task<bool> MayGoOnAsync(UnitOfWork work, RunRecord run, CancellationToken stop)
    {
        var tooSlow = run.SlowWorkers >= options.MostSlow;
        if (tooSlow || run.LostWorkers >= options.MostClaims)
        {
            run.SetAside(tooSlow, clock.GetUtcNow());
            log.LogError(
                "{Definition} {Run}: {Lost} workers in a row were lost with it, {Slow} too slow for it; it waits for somebody",
                run.Definition.Name,
                run.Id,
                run.LostWorkers,
                run.SlowWorkers
            );
            return false;
        }

        // One that was cancelled in the queue turns back from there: its subject is another's.
        if (run.IsQueued && !run.CancelRequested)
        {
            if (await SubjectTurn.TakeAsync(work, run, stop) is (false, var ahead))
            {
                run.WaitTurn(ahead, clock.GetUtcNow(), Random.Shared.NextDouble());
                return false;
            }

            (run.IsQueued, run.WaitsFor) = (false, null);
        }

        return true;
    }

    /// <summary>
    /// Makes steps inside the transaction until one calls out (its intent is noted, and it is answered), each is committed by itself, or
    /// the run waits or ends.
    /// </summary>
    private async Task<(StepAttempt? Outside, bool Commits)> InsideAsync(UnitOfWork work, RunRecord run, CancellationToken stop)
    {
        while (run.DueAt <= clock.GetUtcNow())
        {
            var (move, step) = run.Next(clock.GetUtcNow());
            if (step is null)
            {
                return (null, false);
            }

            await work.Transaction.SaveAsync(Savepoint, stop);
            var attempt = new StepAttempt(scopes.CreateAsyncScope(), work, run, move, step, log);
            try
            {
                var callsOut = await attempt.CallsOutAsync(stop);
                run.Begin(move, step, callsOut, clock.GetUtcNow());
                if (callsOut)
                {
                    attempt.GoOutside();
                    return (Interlocked.Exchange(ref attempt!, null), false);
                }

                await attempt.MakeInsideAsync(stop);
                // One that holds is left to the commit: the next of its name hides it, and to release it would be one more trip.
                if (attempt.Result is StepResult.Failed)
                {
                    await work.Transaction.RollbackAsync(Savepoint, stop);
                }
                else
                {
                    attempt.Keep();
                }

                Apply(run, attempt);
                if (CommitsEach(run))
                {
                    return (null, true);
                }
            }
            finally
            {
                if (attempt is not null)
                {
                    await attempt.DisposeAsync();
                }
            }
        }

        return (null, false);
    }

    private void Apply(RunRecord run, StepAttempt attempt)
    {
        var (now, chance) = (clock.GetUtcNow(), Random.Shared.NextDouble());
        var result = attempt.Result!;
        if (attempt.Move == Move.Do)
        {
            attempt.Step.DurationMs = Math.Round(attempt.Took * 1000, 3);
            run.Did(attempt.Step, result, attempt.NewState, now, chance);
        }
        else
        {
            run.Undid(attempt.Step, result, now, chance);
        }

        SagaMetrics.Stepped(run.Definition.Name, attempt.Step.Name, attempt.Move, result, attempt.Took);
        if (result is StepResult.Failed failed)
        {
            attempt.Step.NoteFailure(attempt.Move, failed, attempt.Took * 1000, now);
            log.LogWarning(
                "{Definition} {Run}: {Move} {Step} failed ({Attempt}): {Code} {Reason}",
                run.Definition.Name,
                run.Id,
                attempt.Move,
                attempt.Step.Name,
                attempt.Move == Move.Do ? attempt.Step.Attempts : attempt.Step.UndoAttempts,
                failed.Code,
                failed.Message
            );
        }
    }

    private async Task CommitAsync(UnitOfWork work, RunRecord run, bool goesOn, CancellationToken stop)
    {
        if (!goesOn && run.Status == SagaStatus.Running)
        {
            run.Status = SagaStatus.Pending;
        }

        await RunStore.SaveAsync(work, run, goesOn ? options.Lease : null, stop);
        await work.CommitAsync(stop);
        if (!goesOn && (run.IsOver || run.Status == SagaStatus.Stuck))
        {
            SagaMetrics.Ended(run.Definition.Name, run.Status);
            log.LogInformation(
                "{Definition} {Run} {Status} after {Seconds:0.000} s",
                run.Definition.Name,
                run.Id,
                run.Status,
                ((run.FinishedAt ?? clock.GetUtcNow()) - run.StartedAt)?.TotalSeconds ?? 0
            );
        }
    }

    public void Dispose() => places.Dispose();

    private readonly struct Place(SemaphoreSlim? places) : IDisposable
    {
        public void Dispose() => places?.Release();
    }

    private static LeaseLostException Lost(RunLease lease) => new($"Run {lease.Id} is not this worker's any more.");
}
