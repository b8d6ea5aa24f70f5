using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

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
    private const int CountEvery = 3;
    private const int MostAtOnce = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        for (var round = 0; ; round++)
        {
            try
            {
                await ExpireAsync(stoppingToken);
                if (round % CountEvery == 0)
                {
                    await gauges.CountAsync(databases, stoppingToken);
                }
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) || e is PostgresException)
            {
                log.LogWarning("The address plan is looked at again later: {Reason}", e.Message);
            }

            if (!await timer.WaitForNextTickAsync(stoppingToken))
            {
                return;
            }
        }
    }

    private async Task ExpireAsync(CancellationToken ct)
    {
        IEnumerable<(Guid Tenant, Guid Id)> expired;
        await using (var connection = await databases.Platform.OpenConnectionAsync(ct))
        {
            expired = await connection.QueryAsync<(Guid, Guid)>(
                new CommandDefinition(
                    "SELECT tenant_id, id FROM ipam_allocations WHERE ended_at IS NULL AND expires_at <= @now ORDER BY expires_at LIMIT @MostAtOnce",
                    new { now = clock.GetUtcNow(), MostAtOnce },
                    cancellationToken: ct
                )
            );
        }

        foreach (var tenant in expired.GroupBy(e => e.Tenant, e => e.Id))
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant.Key, "expiry");
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            await work.BeginAsync(DatabaseRole.App, tenant.Key, ct);
            var book = scope.ServiceProvider.GetRequiredService<AddressBook>();
            var audit = scope.ServiceProvider.GetRequiredService<AuditTrail>();
            foreach (var id in tenant)
            {
                // Used in the meantime, it has no expiry any more: then it stays.
                if (await book.ExpireAsync(id, ct))
                {
                    audit.Note("address.expired", "address", id.ToString());
                }
            }

            await work.CommitAsync(ct);
        }
    }
}
