using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Compares every tenant by itself, as often as it wants. Any number of workers may run it: a tenant's turn is taken by one.</summary>
internal sealed class ReconciliationWatch(
    Databases databases,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<ReconciliationWatch> log
) : BackgroundService
{
    private const string Take = """
        INSERT INTO reconciliation_settings (tenant_id, taken_at) VALUES (@TenantId, @now)
        ON CONFLICT (tenant_id) DO UPDATE SET taken_at = excluded.taken_at
            WHERE reconciliation_settings.enabled
                AND (reconciliation_settings.taken_at IS NULL
                    OR reconciliation_settings.taken_at <= @now - make_interval(mins => reconciliation_settings.every_minutes))
        """;

    private const string Standing = """
        SELECT tenant_id, kind, count(*) AS count FROM reconciliation_findings
        WHERE gone_at IS NULL AND (ignored_at IS NULL OR ignored_until < @now) GROUP BY tenant_id, kind
        """;

    private const string Due = """
        SELECT t.tenant_id, greatest(0, extract(epoch FROM @now - coalesce((SELECT max(r.finished_at) FROM reconciliations r WHERE r.tenant_id = t.tenant_id),
            t.created_at)) - 60 * coalesce(s.every_minutes, 15))::float8 AS overdue_seconds
        FROM tenants t LEFT JOIN reconciliation_settings s ON s.tenant_id = t.tenant_id WHERE coalesce(s.enabled, true)
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunDueAsync(stoppingToken);
                await TellAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("Reconciliation waits for the database: {Reason}", e.Message);
            }
        }
    }

    /// <summary>Every tenant whose turn it is; one that fails does not keep the others.</summary>
    internal async Task RunDueAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        var tenants = await connection.QueryAsync<Guid>(new CommandDefinition("SELECT tenant_id FROM tenants", cancellationToken: ct));
        foreach (var tenant in tenants)
        {
            try
            {
                await RunTenantAsync(tenant, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !UnexpectedErrors.IsDatabaseLoss(e))
            {
                log.LogError(e, "Tenant {Tenant} could not be reconciled", tenant);
            }
        }
    }

    /// <summary>Every worker tells the same, whichever of them did the comparisons.</summary>
    private async Task TellAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();
        ReconciliationMetrics.Stand(
            await connection.QueryAsync<StandingFindings>(new CommandDefinition(Standing, new { now }, cancellationToken: ct)),
            (await connection.QueryAsync<DueReconciliation>(new CommandDefinition(Due, new { now }, cancellationToken: ct))).AsList()
        );
    }

    private async Task RunTenantAsync(Guid tenant, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "reconciliation");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        var taken = await work.Connection.ExecuteAsync(
            new CommandDefinition(Take, new { work.TenantId, now = clock.GetUtcNow() }, work.Transaction, cancellationToken: ct)
        );
        if (taken == 0)
        {
            return;
        }

        var view = await scope.ServiceProvider.GetRequiredService<Reconciler>().RunAsync(ct);
        await work.CommitAsync(ct);
        if (view.Appeared > 0)
        {
            log.LogWarning("Reconciliation of tenant {Tenant}: {Appeared} new findings, {Found} in all", tenant, view.Appeared, view.Found);
        }
    }
}
