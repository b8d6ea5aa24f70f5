using System.Collections.Concurrent;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa;

/// <summary>When each NAS was last heard and what it asked for; added to <c>nas_activity</c> every few seconds.</summary>
internal sealed class NasActivity(Databases databases, TimeProvider clock, ILogger<NasActivity> log) : BackgroundService
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<(Guid Tenant, Guid Nas), Counts> counts = new();
    private DateTimeOffset forgotAt;

    /// <param name="took">From the packet's arrival to its answer.</param>
    public void Saw(NasEntry nas, bool accepted, bool signed, TimeSpan took = default)
    {
        var of = Of(nas);
        Interlocked.Increment(ref accepted ? ref of.Accepts : ref of.Rejects);
        if (!signed)
        {
            Interlocked.Increment(ref of.Unsigned);
            Volatile.Write(ref of.UnsignedAt, of.LastSeen);
        }

        var microseconds = (long)took.TotalMicroseconds;
        Interlocked.Add(ref of.AnswerUs, microseconds);
        if (microseconds > Volatile.Read(ref of.SlowestUs))
        {
            // Two at once may keep the lesser one: it is a figure for a page.
            Volatile.Write(ref of.SlowestUs, microseconds);
        }

        of.Entry = nas;
    }

    /// <summary>A packet of a known NAS that got no answer.</summary>
    public void Dropped(NasEntry nas, string port, string reason)
    {
        var drops = Of(nas).Drops;
        drops.AddOrUpdate((port, reason), 1, static (_, count) => count + 1);
    }

    public void SawAccounting(NasEntry nas) => Interlocked.Increment(ref Of(nas).Accounting);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FlushEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
                await ForgetAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        { /* an orderly stop */
        }
    }

    /// <summary>Every ten minutes.</summary>
    private async Task ForgetAsync(CancellationToken ct)
    {
        if (clock.GetUtcNow() - forgotAt < TimeSpan.FromMinutes(10))
        {
            return;
        }

        forgotAt = clock.GetUtcNow();
        try
        {
            await NasActivityRows.ForgetAsync(databases, ct);
        }
        catch (NpgsqlException e)
        {
            log.LogWarning("Old NAS figures wait for the database: {Reason}", e.Message);
        }
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        foreach (var ((tenant, nas), live) in counts)
        {
            var seen = live.Take();
            if (seen.LastSeen == 0)
            {
                continue;
            }

            try
            {
                await NasActivityRows.WriteAsync(databases, tenant, nas, seen, live.Entry, ct);
            }
            catch (NpgsqlException e)
            {
                live.GiveBack(seen);
                log.LogWarning("NAS activity waits for the database: {Reason}", e.Message);
                return;
            }
        }
    }

    private Counts Of(NasEntry nas)
    {
        var of = counts.GetOrAdd((nas.TenantId, nas.Id), static _ => new Counts());
        Volatile.Write(ref of.LastSeen, clock.GetUtcNow().Ticks);
        return of;
    }

    internal sealed class Counts
    {
        public long LastSeen;
        public long Accepts;
        public long Rejects;
        public long Accounting;
        public long Unsigned;
        public long UnsignedAt;
        public long AnswerUs;
        public long SlowestUs;

        /// <summary>As it was when it was last heard; for what it has proven.</summary>
        public NasEntry? Entry;

        public ConcurrentDictionary<(string Port, string Reason), long> Drops { get; private init; } = new();

        public Counts Take() =>
            new()
            {
                LastSeen = Interlocked.Exchange(ref LastSeen, 0),
                Accepts = Interlocked.Exchange(ref Accepts, 0),
                Rejects = Interlocked.Exchange(ref Rejects, 0),
                Accounting = Interlocked.Exchange(ref Accounting, 0),
                Unsigned = Interlocked.Exchange(ref Unsigned, 0),
                UnsignedAt = Interlocked.Exchange(ref UnsignedAt, 0),
                AnswerUs = Interlocked.Exchange(ref AnswerUs, 0),
                SlowestUs = Interlocked.Exchange(ref SlowestUs, 0),
                Drops = TakeDrops(),
            };

        private ConcurrentDictionary<(string Port, string Reason), long> TakeDrops()
        {
            var taken = new ConcurrentDictionary<(string Port, string Reason), long>();
            foreach (var key in Drops.Keys)
            {
                if (Drops.TryRemove(key, out var count))
                {
                    taken[key] = count;
                }
            }

            return taken;
        }

        public void GiveBack(Counts taken)
        {
            Interlocked.CompareExchange(ref LastSeen, taken.LastSeen, 0);
            Interlocked.Add(ref Accepts, taken.Accepts);
            Interlocked.Add(ref Rejects, taken.Rejects);
            Interlocked.Add(ref Accounting, taken.Accounting);
            Interlocked.Add(ref Unsigned, taken.Unsigned);
            Interlocked.CompareExchange(ref UnsignedAt, taken.UnsignedAt, 0);
            Interlocked.Add(ref AnswerUs, taken.AnswerUs);
            foreach (var (key, count) in taken.Drops)
            {
                Drops.AddOrUpdate(key, count, (_, now) => now + count);
            }
        }
    }
}
