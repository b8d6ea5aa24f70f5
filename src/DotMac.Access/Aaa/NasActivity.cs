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

    public void Saw(NasEntry nas, bool accepted, bool signed)
    {
        var of = Of(nas);
        Interlocked.Increment(ref accepted ? ref of.Accepts : ref of.Rejects);
        if (!signed)
        {
            Interlocked.Increment(ref of.Unsigned);
        }
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
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        { /* an orderly stop */
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
                await using var command = databases.Aaa.CreateCommand(
                    """
                    INSERT INTO nas_activity AS a (tenant_id, nas_id, last_seen_at, accepts, rejects, accounting, unsigned_requests)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)
                    ON CONFLICT (tenant_id, nas_id) DO UPDATE SET last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at),
                        accepts = a.accepts + excluded.accepts, rejects = a.rejects + excluded.rejects,
                        accounting = a.accounting + excluded.accounting, unsigned_requests = a.unsigned_requests + excluded.unsigned_requests
                    """
                );
                command.Parameters.AddWithValue(tenant);
                command.Parameters.AddWithValue(nas);
                command.Parameters.AddWithValue(new DateTime(seen.LastSeen, DateTimeKind.Utc));
                command.Parameters.AddWithValue(seen.Accepts);
                command.Parameters.AddWithValue(seen.Rejects);
                command.Parameters.AddWithValue(seen.Accounting);
                command.Parameters.AddWithValue(seen.Unsigned);
                await command.ExecuteNonQueryAsync(ct);
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

    private sealed class Counts
    {
        public long LastSeen;
        public long Accepts;
        public long Rejects;
        public long Accounting;
        public long Unsigned;

        public Counts Take() =>
            new()
            {
                LastSeen = Interlocked.Exchange(ref LastSeen, 0),
                Accepts = Interlocked.Exchange(ref Accepts, 0),
                Rejects = Interlocked.Exchange(ref Rejects, 0),
                Accounting = Interlocked.Exchange(ref Accounting, 0),
                Unsigned = Interlocked.Exchange(ref Unsigned, 0),
            };

        public void GiveBack(Counts taken)
        {
            Interlocked.CompareExchange(ref LastSeen, taken.LastSeen, 0);
            Interlocked.Add(ref Accepts, taken.Accepts);
            Interlocked.Add(ref Rejects, taken.Rejects);
            Interlocked.Add(ref Accounting, taken.Accounting);
            Interlocked.Add(ref Unsigned, taken.Unsigned);
        }
    }
}
