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
    /// <summary>Batches of the projection read at once; one names up to 8,000 sessions.</summary>
    private const int MostBatches = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(10);

    /// <summary>A stream ends after this long, so that the browser comes again and its sign-in is looked at again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Rows are read again this far back: a writer's time is taken before its commit. Repetitions are not sent.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    private const string Batches =
        "SELECT changed_at, started, numbers FROM radacct_changes WHERE changed_at > @since ORDER BY changed_at, id LIMIT @MostBatches";

    private const string Changed = """
        JOIN unnest(@started, @numbers) AS changed (started, number) ON r.acctstarttime = changed.started AND r.radacctid = changed.number
            AND r.acctstarttime BETWEEN @first AND @last
        ORDER BY r.changed_at
        """;

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
                var page = await ChangedSinceAsync(caller, since, stop.Token);
                foreach (var row in page.Rows)
                {
                    var view = row.ToView();
                    if (!sent.TryGetValue(view.Id, out var before) || before != row.ChangedAt)
                    {
                        sent[view.Id] = row.ChangedAt;
                        yield return new SseItem<object>(view, "session") { EventId = EventId(row.ChangedAt) };
                    }
                }

                since = page.UpTo;
                cursor = since > cursor ? since : cursor;
                isFull = page.IsFull;
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
    private async Task<Page> ChangedSinceAsync(Caller caller, DateTimeOffset since, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = caller;
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            await work.BeginAsync(DatabaseRole.App, caller.TenantId, ct);
            var batches = (
                await work.Connection.QueryAsync<Batch>(
                    new CommandDefinition(Batches, new { since, MostBatches }, work.Transaction, cancellationToken: ct)
                )
            ).AsList();
            if (batches.Count == 0)
            {
                return new Page([], since, false);
            }

            // A session that changed several times is named as often, and read once; the span spares the planner every other month.
            var named = batches.SelectMany(b => b.Started.Zip(b.Numbers)).Distinct().ToList();
            var rows = await work.Connection.QueryAsync<SessionView.Row>(
                new CommandDefinition(
                    SessionView.Select + Changed,
                    new
                    {
                        started = named.ConvertAll(n => n.First).ToArray(),
                        numbers = named.ConvertAll(n => n.Second).ToArray(),
                        first = named.Min(n => n.First),
                        last = named.Max(n => n.First),
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return new Page(rows.AsList(), new DateTimeOffset(batches[^1].ChangedAt, TimeSpan.Zero), batches.Count == MostBatches);
        }
        catch (Exception e) when (e is OperationCanceledException || UnexpectedErrors.IsDatabaseLoss(e))
        {
            return new Page([], since, false);
        }
    }

    /// <param name="UpTo">What was written until then is in it.</param>
    private sealed record Page(IReadOnlyList<SessionView.Row> Rows, DateTimeOffset UpTo, bool IsFull);

    private sealed class Batch
    {
        public DateTime ChangedAt { get; init; }
        public DateTime[] Started { get; init; } = [];
        public long[] Numbers { get; init; } = [];
    }

    private sealed record PingData(DateTimeOffset At);
}
