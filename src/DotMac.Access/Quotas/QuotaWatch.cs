using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Quotas;

/// <summary>
/// Looks at whose usage has just grown within a second of its projection, and at everybody once a minute: periods begin, caps are changed,
/// subscribers get other profiles, and what was touched just before a crash was forgotten.
/// </summary>
internal sealed class QuotaWatch(
    TouchedUsage touched,
    Databases databases,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<QuotaWatch> log
) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private const int SweepEvery = 60;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            try
            {
                var news = touched.Take();
                if (tick % SweepEvery == 0)
                {
                    await SweepAsync(stoppingToken);
                }
                else
                {
                    foreach (var tenant in news)
                    {
                        await CheckAsync(tenant.Key, [.. tenant], stoppingToken);
                    }
                }
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) || e is PostgresException)
            {
                log.LogWarning("Quotas are looked at again later: {Reason}", e.Message);
            }
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        var tenants = await connection.QueryAsync<Guid>(new CommandDefinition("SELECT tenant_id FROM tenants", cancellationToken: ct));
        foreach (var tenant in tenants)
        {
            await CheckAsync(tenant, null, ct);
        }
    }

    private async Task CheckAsync(Guid tenant, IReadOnlyCollection<Guid>? subscribers, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "quotas");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        var check = scope.ServiceProvider.GetRequiredService<QuotaCheck>();
        if (!await check.IsNeededAsync(ct))
        {
            return;
        }

        var changed = await check.RunAsync(subscribers, ct);
        await work.CommitAsync(ct);
        if (changed > 0)
        {
            log.LogInformation("Quotas: {Changed} limits put in force or lifted, tenant {Tenant}", changed, tenant);
        }
    }
}
