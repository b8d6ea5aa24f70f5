using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>Moves jobs on that are due. Any number of workers may run: whoever locks a job's row moves it, and what a killed one did is rolled back.</summary>
internal sealed class BulkWorker(Databases databases, IServiceScopeFactory scopes, TimeProvider clock, ILogger<BulkWorker> log)
    : BackgroundService
{
    private const int AtOnce = 50;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var (tenant, job) in await DueAsync(stoppingToken))
                {
                    await MoveAsync(tenant, job, stoppingToken);
                }
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) || e is PostgresException)
            {
                log.LogWarning("Bulk jobs wait for the database: {Reason}", e.Message);
            }
        }
    }

    private async Task<IEnumerable<(Guid Tenant, Guid Job)>> DueAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        return await connection.QueryAsync<(Guid, Guid)>(
            new CommandDefinition(
                "SELECT tenant_id, id FROM bulk_jobs WHERE due_at <= @now ORDER BY due_at LIMIT @AtOnce",
                new { now = clock.GetUtcNow(), AtOnce },
                cancellationToken: ct
            )
        );
    }

    private async Task MoveAsync(Guid tenant, Guid job, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "bulk");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        if (await scope.ServiceProvider.GetRequiredService<BulkRunner>().MoveAsync(job, ct))
        {
            await work.CommitAsync(ct);
        }
    }
}
