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
                foreach (var (tenant, job, by) in await DueAsync(stoppingToken))
                {
                    await MoveOrLeaveAsync(tenant, job, by, stoppingToken);
                }
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) || e is PostgresException)
            {
                log.LogWarning("Bulk jobs wait for the database: {Reason}", e.Message);
            }
        }
    }

    private async Task<IEnumerable<(Guid Tenant, Guid Job, string By)>> DueAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        return await connection.QueryAsync<(Guid, Guid, string)>(
            new CommandDefinition(
                "SELECT tenant_id, id, created_by FROM bulk_jobs WHERE due_at <= @now ORDER BY due_at LIMIT @AtOnce",
                new { now = clock.GetUtcNow(), AtOnce },
                cancellationToken: ct
            )
        );
    }

    /// <summary>What is wrong with one job keeps no other waiting, and no process from running.</summary>
    private async Task MoveOrLeaveAsync(Guid tenant, Guid job, string by, CancellationToken ct)
    {
        try
        {
            await MoveAsync(tenant, job, by, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && !UnexpectedErrors.IsDatabaseLoss(e))
        {
            log.LogError(e, "Bulk job {Job} could not be moved on", job);
        }
    }

    private async Task MoveAsync(Guid tenant, Guid job, string by, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, by);
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        if (await scope.ServiceProvider.GetRequiredService<BulkRunner>().MoveAsync(job, ct))
        {
            await work.CommitAsync(ct);
        }
    }
}
