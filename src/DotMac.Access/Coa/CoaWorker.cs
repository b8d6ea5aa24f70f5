using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Coa;

/// <summary>
/// Asks NAS what was put down to be asked: several at a time, again when they were silent, and compares acknowledgements with accounting.
/// Any number of workers may run: each row is leased. A worker that is killed leaves its rows to the others when their lease is over.
/// </summary>
internal sealed class CoaWorker(
    IServiceScopeFactory scopes,
    CoaQueue queue,
    CoaRunEnds ends,
    NasDoor door,
    TimeProvider clock,
    ILogger<CoaWorker> log
) : BackgroundService
{
    private const int AtOnce = 64;
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan VerifyEvery = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim slots = new(AtOnce);
    private long verifiedAt;
    private long forgotAt;

    public override void Dispose()
    {
        slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (clock.GetElapsedTime(verifiedAt) > VerifyEvery)
                {
                    verifiedAt = clock.GetTimestamp();
                    await queue.VerifyAsync(stoppingToken);
                    await ends.NoteAsync(stoppingToken);
                }

                if (clock.GetElapsedTime(forgotAt) > TimeSpan.FromHours(1))
                {
                    forgotAt = clock.GetTimestamp();
                    await queue.ForgetAsync(stoppingToken);
                }

                if (await StartDueAsync(stoppingToken) == 0)
                {
                    await Task.Delay(Idle, clock, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning("What is to be asked of NAS waits for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
        }
    }

    /// <summary>Takes what is due and does it, to the end. For tests.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var tasks = await queue.ClaimAsync(AtOnce, ct);
        await Task.WhenAll(tasks.Select(t => DoAsync(t, ct)));
        await queue.VerifyAsync(ct);
        await ends.NoteAsync(ct);
        return tasks.Count;
    }

    private async Task<int> StartDueAsync(CancellationToken ct)
    {
        await slots.WaitAsync(ct);
        slots.Release();
        var tasks = await queue.ClaimAsync(Math.Max(1, slots.CurrentCount), ct);
        foreach (var task in tasks)
        {
            await slots.WaitAsync(ct);
            _ = ReleaseAfterAsync(task, ct);
        }

        return tasks.Count;
    }

    private async Task ReleaseAfterAsync(CoaTask task, CancellationToken ct)
    {
        try
        {
            await DoAsync(task, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The row stays leased and comes again.
            log.LogError(e, "A request to a NAS could not be finished");
        }
        catch (OperationCanceledException)
        { /* an orderly stop: the lease runs out, and another worker goes on */
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task DoAsync(CoaTask task, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(task.TenantId, "coa");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, task.TenantId, ct);
        var session = await LiveSession.FindAsync(work, task.AcctUniqueId, task.SessionNumber, ct);
        var result = session is null
            ? DisconnectResult.Over(task.AcctUniqueId, task.SessionNumber)
            : await work.OutsideAsync(() => AskAsync(task, session, ct), ct);
        if (task.MaybeTwice)
        {
            result = result with { Message = result.Message + " It may have been sent once before: a worker ended over it." };
        }

        await scope
            .ServiceProvider.GetRequiredService<CoaTasks>()
            .FinishAsync(task.Id, task.Kind, result, task.Attempts, session?.Interval, ct);
        if (session is not null)
        {
            await scope
                .ServiceProvider.GetRequiredService<CoaLog>()
                .WriteAsync(task.Kind, [result], ct, task.Id, audited: task.RunId is null);
        }

        await work.CommitAsync(ct);
    }

    private async Task<DisconnectResult> AskAsync(CoaTask task, LiveSession session, CancellationToken ct)
    {
        var result = await door.AskAsync(task.Kind, task.Change.For(task.Kind, session), session, ct);
        if (task.Change.ElseDrop is not true || result.Outcome is not (DisconnectResult.Nak or DisconnectResult.NothingToSay))
        {
            return result;
        }

        var dropped = await door.AskAsync(CoaKind.Disconnect, CoaChange.Own, session, ct);
        return dropped with { Message = $"{result.Message} It was asked to drop the session instead. {dropped.Message}" };
    }
}
