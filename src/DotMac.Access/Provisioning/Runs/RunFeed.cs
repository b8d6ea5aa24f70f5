using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Sends runs as they change: one with its steps as often as ten times a second, all of a tenant once a second; a ping when nothing did.</summary>
internal sealed class RunFeed(RunChanges changes, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(10);

    /// <summary>A stream ends after this long, so that the browser comes again and its sign-in is looked at again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Rows are read again this far back: a writer's time is taken before its commit. Repetitions are not sent.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    private const string Changed = "WHERE r.changed_at > @since ORDER BY r.changed_at LIMIT 500";
    private const int AtOnce = 500;

    /// <summary>One run, whole, now and after each change. Ends by itself when the run has ended.</summary>
    public IAsyncEnumerable<SseItem<object>> OneAsync(Caller caller, Guid id, CancellationToken ct)
    {
        RunView? sent = null;
        return FollowAsync(
            caller,
            TimeSpan.FromMilliseconds(100),
            async stop =>
            {
                var run = await ReadAsync(caller, (work, c) => RunRows.FindAsync(work, id, c), stop);
                if (run is null || Same(run, sent))
                {
                    return [];
                }

                sent = run;
                return [new SseItem<object>(run, "run")];
            },
            ct
        );
    }

    /// <summary>The tenant's runs without their steps, each as it changes.</summary>
    public IAsyncEnumerable<SseItem<object>> AllAsync(Caller caller, string? lastEventId, CancellationToken ct)
    {
        var cursor = Resume(lastEventId, clock.GetUtcNow());
        var sent = new Dictionary<Guid, DateTimeOffset>();
        return FollowAsync(
            caller,
            TimeSpan.FromSeconds(1),
            async stop =>
            {
                var rows =
                    await ReadAsync(
                        caller,
                        async (work, c) =>
                            (
                                await work.Connection.QueryAsync<RunRows.Row>(
                                    new CommandDefinition(
                                        RunRows.Select + Changed,
                                        new { since = cursor - Overlap },
                                        work.Transaction,
                                        cancellationToken: c
                                    )
                                )
                            ).AsList(),
                        stop
                    ) ?? [];
                var news = rows.Where(r => !sent.TryGetValue(r.Id, out var at) || at != r.ChangedAt).ToList();
                news.ForEach(r => (sent[r.Id], cursor) = (r.ChangedAt, r.ChangedAt > cursor ? r.ChangedAt : cursor));
                if (rows.Count == AtOnce && news.Count == 0)
                {
                    // More changed within the overlap than is read at once: go on behind what has been sent.
                    cursor = rows[^1].ChangedAt + Overlap;
                }

                foreach (var (old, _) in sent.Where(s => s.Value <= cursor - Overlap).ToList())
                {
                    sent.Remove(old);
                }

                return news.Select(r => new SseItem<object>(r.ToHead(), "run") { EventId = EventId(r.ChangedAt) });
            },
            ct
        );
    }

    private async IAsyncEnumerable<SseItem<object>> FollowAsync(
        Caller caller,
        TimeSpan pace,
        Func<CancellationToken, Task<IEnumerable<SseItem<object>>>> news,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var watch = changes.Start(caller.TenantId!.Value);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        var began = clock.GetUtcNow();
        var pinged = DateTimeOffset.MinValue;
        var changed = true;
        while (!stop.IsCancellationRequested && clock.GetUtcNow() - began < Longest)
        {
            if (changed)
            {
                foreach (var item in await news(stop.Token))
                {
                    yield return item;
                }
            }

            if (clock.GetUtcNow() - pinged >= Ping)
            {
                pinged = clock.GetUtcNow();
                yield return new SseItem<object>(new PingData(pinged), "ping") { ReconnectionInterval = TimeSpan.FromSeconds(2) };
            }

            await Task.Delay(changed ? pace : TimeSpan.Zero, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            changed = await watch.WaitAsync(pinged + Ping - clock.GetUtcNow(), clock, stop.Token);
        }
    }

    /// <summary>Nothing while the database is away: the stream outlives a restart of it.</summary>
    private async Task<T?> ReadAsync<T>(Caller caller, Func<UnitOfWork, CancellationToken, Task<T?>> read, CancellationToken ct)
        where T : class
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = caller;
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            await work.BeginAsync(DatabaseRole.App, caller.TenantId, ct);
            return await read(work, ct);
        }
        catch (Exception e) when (e is OperationCanceledException || UnexpectedErrors.IsDatabaseLoss(e))
        {
            return null;
        }
    }

    private static bool Same(RunView run, RunView? sent) =>
        sent is not null
        && string.Equals(run.Status, sent.Status, StringComparison.Ordinal)
        && run.CancelRequested == sent.CancelRequested
        && run.DueAt == sent.DueAt
        && run.Steps.Select(s => (s.Status, s.Attempts, s.UndoAttempts))
            .SequenceEqual(sent.Steps.Select(s => (s.Status, s.Attempts, s.UndoAttempts)));

    private static string EventId(DateTimeOffset changedAt) => changedAt.UtcTicks.ToString(CultureInfo.InvariantCulture);

    /// <summary>Not further back than five minutes: a list is read anew after a longer break.</summary>
    private static DateTimeOffset Resume(string? lastEventId, DateTimeOffset now)
    {
        var oldest = now.AddMinutes(-5);
        return
            long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks > oldest.UtcTicks
            && ticks <= now.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : now;
    }

    private sealed record PingData(DateTimeOffset At);
}
