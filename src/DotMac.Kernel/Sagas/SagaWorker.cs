using System.Collections.Concurrent;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Kernel.Sagas;

/// <summary>
/// Takes runs that are due and carries them on, several at a time: woken by <c>NOTIFY saga_work</c>, and twice a second regardless. Any number
/// of processes may do so. One that is killed leaves its runs to the others when their leases end; one that loses the database waits for it.
/// </summary>
internal sealed class SagaWorker(
    RunQueue queue,
    RunExecutor executor,
    Databases databases,
    SagaOptions options,
    TimeProvider clock,
    ILogger<SagaWorker> log
) : BackgroundService
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);
    private bool moreWait;
    private long countedAt;
    private long unsuspectedAt;
    private Guid suspect;
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly ConcurrentDictionary<Guid, Task> held = new();

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var beside = Task.WhenAll(ListenAsync(stoppingToken), RenewAsync(stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await TakeAsync(stoppingToken))
                {
                    await wake.WaitAsync(options.Poll, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            { /* an orderly stop */
            }
            catch (Exception e)
            {
                log.LogWarning("Runs wait for the database: {Reason}", e.Message);
                await Task.Delay(options.Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(held.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Takes as many runs as there is room for; false when there was none, or no room. While more wait than there is room for, the places that
    /// become free one by one are filled several at a time: to be asked for a single run costs the database as much as for ten.
    /// </summary>
    private async Task<bool> TakeAsync(CancellationToken ct)
    {
        if (moreWait && options.AtOnce - held.Count < options.AtOnce / 4)
        {
            await Task.Delay(Breath, clock, ct);
        }

        var room = options.AtOnce - held.Count;
        if (room <= 0)
        {
            return false;
        }

        var taken = 0;
        // The next one at once when the last one has ended; where there was none, not with every waking, for it looks through all that is due.
        if (!held.ContainsKey(suspect) && clock.GetElapsedTime(unsuspectedAt) >= options.Poll)
        {
            if (await queue.ClaimSuspectedAsync(ct) is { } suspected)
            {
                suspect = suspected.Token;
                Begin(suspected, ct);
                taken++;
            }
            else
            {
                unsuspectedAt = clock.GetTimestamp();
            }
        }

        foreach (var lease in await queue.ClaimAsync(room - taken, ct))
        {
            Begin(lease, ct);
            taken++;
        }

        moreWait = taken == room;
        return taken > 0;
    }

    private void Begin(RunLease lease, CancellationToken ct)
    {
        // Put down before it begins: it takes itself off when it is done.
        var begin = new TaskCompletionSource();
        held[lease.Token] = CarryOnAsync(lease, begin.Task, ct);
        begin.SetResult();
    }

    private async Task CarryOnAsync(RunLease lease, Task begin, CancellationToken ct)
    {
        await begin.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await executor.CarryOnAsync(lease, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await TellAsync(queue.LetGoAsync, lease);
            await TellAsync(queue.CameBackAsync, lease);
        }
        catch (LeaseLostException e)
        {
            log.LogWarning("Run {Run} is put back: {Reason}", lease.Id, e.Message);
            await TellAsync(queue.CameBackAsync, lease);
        }
        catch (Exception e)
        {
            if (e is RunLostException || UnexpectedErrors.IsDatabaseLoss(e))
            {
                log.LogWarning("Run {Run} is put back: {Reason}", lease.Id, e.Message);
            }
            else
            {
                log.LogError(e, "Run {Run} could not be carried on", lease.Id);
            }

            // Not given back at once: what is wrong with the database or the run would only be met again.
        }
        finally
        {
            held.TryRemove(lease.Token, out _);
            Wake();
        }
    }

    /// <summary>A word about a run for the others; it is no matter for long when it does not come through.</summary>
    private async Task TellAsync(Func<RunLease, CancellationToken, Task> tell, RunLease lease)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
            await tell(lease, patience.Token);
        }
        catch (Exception e)
        {
            log.LogWarning("The others are not told of run {Run}, whose lease runs out by itself: {Reason}", lease.Id, e.Message);
        }
    }

    private void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        { /* it is awake, or gone */
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await databases.OpenListenerAsync(ct);
                connection.Notification += (_, _) => Wake();
                await connection.ExecuteAsync(new CommandDefinition("LISTEN saga_work", cancellationToken: ct));
                while (true)
                {
                    await connection.WaitAsync(ct);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogDebug("Not told of new runs for a moment: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            { /* an orderly stop */
            }
        }
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Lease / 3, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                if (!held.IsEmpty)
                {
                    await queue.RenewAsync([.. held.Keys], ct);
                }

                await queue.MarkUnknownAsync(ct);
                if (clock.GetElapsedTime(countedAt) > CountEvery)
                {
                    countedAt = clock.GetTimestamp();
                    SagaMetrics.DeadLetters(await queue.CountDeadAsync(ct));
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogDebug("Leases were not renewed: {Reason}", e.Message);
            }
        }
    }
}
