using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Network.Ipam;

/// <summary>Gives back reservations that have expired, and counts the pools for the metrics.</summary>
internal sealed class IpamRounds(
    Databases databases,
    IServiceScopeFactory scopes,
    PoolGauges gauges,
    TimeProvider clock,
    ILogger<IpamRounds> log
) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private const int CountEvery = 3;
    private const int MostAtOnce = 200;

    /// <summary>What could not be given back: it is tried again after pauses that double, and keeps nothing else waiting.</summary>
    private readonly Dictionary<Guid, (DateTimeOffset Until, int Failures)> putOff = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        for (var round = 0; ; round++)
        {
            await TryAsync("given back", ExpireAsync, stoppingToken);
            if (round % CountEvery == 0)
            {
                await TryAsync("counted", ct => gauges.CountAsync(databases, ct), stoppingToken);
            }

            if (!await timer.WaitForNextTickAsync(stoppingToken))
            {
                return;
            }
        }
    }

    /// <summary>Whatever goes wrong waits for the next round.</summary>
    private async Task TryAsync(string what, Func<CancellationToken, Task> part, CancellationToken ct)
    {
        try
        {
            await part(ct);
        }
        catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) && !ct.IsCancellationRequested)
        {
            log.LogWarning("Addresses are {What} later: {Reason}", what, e.Message);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogError(e, "Addresses could not be {What}", what);
        }
    }

    private async Task ExpireAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        List<(Guid Tenant, Guid Id)> expired;
        await using (var connection = await databases.Platform.OpenConnectionAsync(ct))
        {
            var rows = await connection.QueryAsync<(Guid, Guid)>(
                new CommandDefinition(
                    """
                    SELECT tenant_id, id FROM ipam_allocations WHERE ended_at IS NULL AND expires_at <= @now AND NOT id = ANY (@later)
                    ORDER BY expires_at LIMIT @MostAtOnce
                    """,
                    new
                    {
                        now,
                        later = putOff.Where(p => p.Value.Until > now).Select(p => p.Key).ToArray(),
                        MostAtOnce,
                    },
                    cancellationToken: ct
                )
            );
            expired = rows.AsList();
        }

        // What is not there any more was used meanwhile, or given back by another worker.
        var here = expired.Select(e => e.Id).ToHashSet();
        foreach (var id in putOff.Where(p => p.Value.Until <= now && !here.Contains(p.Key)).Select(p => p.Key).ToList())
        {
            putOff.Remove(id);
        }

        foreach (var (tenant, id) in expired)
        {
            try
            {
                await ExpireAsync(tenant, id, ct);
                putOff.Remove(id);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !UnexpectedErrors.IsDatabaseLoss(e))
            {
                var failures = putOff.GetValueOrDefault(id).Failures + 1;
                var pause = TimeSpan.FromSeconds(
                    Math.Min(Every.TotalSeconds * Math.Pow(2, Math.Min(failures, 20)), LongestPause.TotalSeconds)
                );
                putOff[id] = (now + pause, failures);
                log.LogError(e, "Reservation {Allocation} of tenant {Tenant} could not be given back; again in {Pause}", id, tenant, pause);
            }
        }
    }

    private async Task ExpireAsync(Guid tenant, Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "expiry");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        // Used in the meantime, it has no expiry any more: then it stays.
        if (await scope.ServiceProvider.GetRequiredService<AddressBook>().ExpireAsync(id, ct))
        {
            scope.ServiceProvider.GetRequiredService<AuditTrail>().Note("address.expired", "address", id.ToString());
            await work.CommitAsync(ct);
        }
    }
}
