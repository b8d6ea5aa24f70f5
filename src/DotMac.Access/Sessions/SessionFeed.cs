using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DotMac.Access.Sessions;

/// <summary>Sends the sessions of one tenant that changed, as they change, at most once a second; a ping when nothing did.</summary>
internal sealed class SessionFeed(
    SessionChanges changes,
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    TimeProvider clock
)
{
    private const int MostRows = 1000;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(10);

    /// <summary>A stream ends after this long, so that the browser comes again and its sign-in is looked at again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Rows are read again this far back: a writer's time is taken before its commit. Repetitions are not sent.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    private const string Changed = "WHERE r.changed_at > @since ORDER BY r.changed_at LIMIT @MostRows";

    /// <param name="lastEventId">Where a broken stream of before got to; null begins a few seconds ago.</param>
    public async IAsyncEnumerable<SseItem<object>> ReadAsync(
        Caller caller,
        string? lastEventId,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var watch = changes.Start(caller.TenantId!.Value);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        var began = clock.GetUtcNow();
        var cursor = Resume(lastEventId, began);
        var sent = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var pinged = DateTimeOffset.MinValue;
        var changed = true;
        while (!stop.IsCancellationRequested && clock.GetUtcNow() - began < Longest)
        {
            var since = cursor - Overlap;
            for (var isFull = changed; isFull; )
            {
                var rows = await ChangedSinceAsync(caller, since, stop.Token);
                foreach (var row in rows)
                {
                    var view = row.ToView();
                    if (!sent.TryGetValue(view.Id, out var before) || before != row.ChangedAt)
                    {
                        sent[view.Id] = row.ChangedAt;
                        yield return new SseItem<object>(view, "session") { EventId = EventId(row.ChangedAt) };
                    }

                    since = row.ChangedAt;
                    cursor = since > cursor ? since : cursor;
                }

                isFull = rows.Count == MostRows;
            }

            Forget(sent, cursor - Overlap);
            if (clock.GetUtcNow() - pinged >= Ping)
            {
                pinged = clock.GetUtcNow();
                yield return new SseItem<object>(new PingData(pinged), "ping") { ReconnectionInterval = TimeSpan.FromSeconds(2) };
            }

            await Task.Delay(changed ? Pace : TimeSpan.Zero, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            changed = await watch.WaitAsync(pinged + Ping - clock.GetUtcNow(), clock, stop.Token);
        }
    }

    internal static string EventId(DateTimeOffset changedAt) => changedAt.UtcTicks.ToString(CultureInfo.InvariantCulture);

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

    private static void Forget(Dictionary<string, DateTimeOffset> sent, DateTimeOffset before)
    {
        foreach (var (id, at) in sent)
        {
            if (at <= before)
            {
                sent.Remove(id);
            }
        }
    }

    /// <summary>Nothing while the database is away: the stream outlives a restart of it.</summary>
    private async Task<IReadOnlyList<SessionView.Row>> ChangedSinceAsync(Caller caller, DateTimeOffset since, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = caller;
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            await work.BeginAsync(DatabaseRole.App, caller.TenantId, ct);
            var rows = await work.Connection.QueryAsync<SessionView.Row>(
                new CommandDefinition(SessionView.Select + Changed, new { since, MostRows }, work.Transaction, cancellationToken: ct)
            );
            return rows.ToList();
        }
        catch (Exception e) when (e is OperationCanceledException || UnexpectedErrors.IsDatabaseLoss(e))
        {
            return [];
        }
    }

    private sealed record PingData(DateTimeOffset At);
}
