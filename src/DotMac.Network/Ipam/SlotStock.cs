using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Network.Ipam;

/// <summary>
/// Makes slots of the pools ahead of need. An allocation that finds none makes some itself, but holds the end of the pool until it is committed,
/// and everybody else waits for it.
/// </summary>
internal sealed class SlotStock(Databases databases, IServiceScopeFactory scopes, TimeProvider clock, ILogger<SlotStock> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private const int AtLeast = 512;
    private const int More = 2048;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var (tenant, pool) in await LowAsync(stoppingToken))
                {
                    await TryFillAsync(tenant, pool, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The pools are stocked up later: {Reason}", e.Message);
            }
        }
    }

    private async Task TryFillAsync(Guid tenant, Guid pool, CancellationToken ct)
    {
        try
        {
            await FillAsync(tenant, pool, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && !UnexpectedErrors.IsDatabaseLoss(e))
        {
            log.LogError(e, "Pool {Pool} of tenant {Tenant} could not be stocked up", pool, tenant);
        }
    }

    private async Task<List<(Guid Tenant, Guid Pool)>> LowAsync(CancellationToken ct)
    {
        const string Sql = """
            SELECT DISTINCT r.tenant_id, r.pool_id FROM ipam_ranges r
            WHERE r.made < r.size AND @AtLeast > (SELECT count(*) FROM (
                SELECT 1 FROM ipam_slots s WHERE s.tenant_id = r.tenant_id AND s.pool_id = r.pool_id AND s.state = 0 LIMIT @AtLeast) AS free)
            """;
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<(Guid, Guid)>(new CommandDefinition(Sql, new { AtLeast }, cancellationToken: ct))];
    }

    private async Task FillAsync(Guid tenant, Guid pool, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "stock");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT ipam_extend(@pool, 0, 9223372036854775807, @More, true)",
                new { pool, More },
                work.Transaction,
                cancellationToken: ct
            )
        );
        await work.CommitAsync(ct);
    }
}
