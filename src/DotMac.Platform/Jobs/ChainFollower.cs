using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Platform.Jobs;

/// <summary>Sees that the current job of a chain has ended, and has the next one begun. Several nodes may: the chain's row is locked.</summary>
internal sealed class ChainFollower(Databases databases, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ChainFollower> log)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private const string Due = """
        SELECT c.tenant_id, c.id FROM job_chain_runs c LEFT JOIN saga_runs r ON r.tenant_id = c.tenant_id AND r.id = c.current_run
        WHERE c.status = 1 AND (r.id IS NULL OR r.status NOT IN (0, 1, 4)) ORDER BY c.started_at LIMIT 100
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var (tenant, id) in await DueAsync(stoppingToken))
                {
                    await AdvanceAsync(tenant, id, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Chains of jobs wait: {Reason}", e.Message);
            }
            catch (OperationCanceledException)
            { /* an orderly stop */
            }

            await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<(Guid, Guid)>> DueAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(Guid, Guid)>(new CommandDefinition(Due, cancellationToken: ct))).AsList();
    }

    private async Task AdvanceAsync(Guid tenant, Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "job chain");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        await ActivatorUtilities.CreateInstance<ChainRun>(scope.ServiceProvider).AdvanceAsync(id, ct);
        await work.CommitAsync(ct);
    }
}
