using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>
/// Looks again at lines whose time has come: a shield or a reason begins or ends, or the run that was to follow could not be started. Notes
/// the first login that was accepted after a resumption. Any number of nodes may do so: each look locks its line.
/// </summary>
internal sealed class SuspensionWatch(Databases databases, IServiceScopeFactory scopes, TimeProvider clock, ILogger<SuspensionWatch> log)
    : BackgroundService
{
    private const int AtOnce = 200;
    private const int LoginsEvery = 3;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private const string FirstLogins = """
        UPDATE suspension_states s SET first_login_at = d.at
        FROM suspension_states x CROSS JOIN LATERAL (
            SELECT d.at FROM decisions d WHERE d.tenant_id = x.tenant_id AND d.subscriber_id = x.subscriber_id AND d.at >= x.resumed_at AND d.code < 100
            ORDER BY d.at LIMIT 1) d
        WHERE x.resumed_at > @since AND x.first_login_at IS NULL AND s.tenant_id = x.tenant_id AND s.subscriber_id = x.subscriber_id
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            try
            {
                await LookAsync(stoppingToken);
                if (tick % LoginsEvery == 0)
                {
                    await using var connection = await databases.Aaa.OpenConnectionAsync(stoppingToken);
                    var since = clock.GetUtcNow().AddDays(-30);
                    await connection.ExecuteAsync(new CommandDefinition(FirstLogins, new { since }, cancellationToken: stoppingToken));
                }
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) || e is PostgresException)
            {
                log.LogWarning("Suspensions are looked at again later: {Reason}", e.Message);
            }
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        var due = await connection.QueryAsync<(Guid Tenant, Guid Subscriber)>(
            new CommandDefinition(
                "SELECT tenant_id, subscriber_id FROM suspension_states WHERE due_at <= @now ORDER BY due_at LIMIT @AtOnce",
                new { now = clock.GetUtcNow(), AtOnce },
                cancellationToken: ct
            )
        );
        foreach (var (tenant, subscriber) in due)
        {
            var looked = true;
            try
            {
                looked = await LookAtAsync(tenant, subscriber, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !UnexpectedErrors.IsDatabaseLoss(e))
            {
                // What is wrong with one line keeps no other waiting.
                log.LogError(e, "Subscriber {Subscriber} could not be looked at", subscriber);
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        "UPDATE suspension_states SET due_at = @later WHERE tenant_id = @tenant AND subscriber_id = @subscriber AND due_at <= @now",
                        new
                        {
                            tenant,
                            subscriber,
                            now = clock.GetUtcNow(),
                            later = clock.GetUtcNow().AddMinutes(1),
                        },
                        cancellationToken: ct
                    )
                );
            }

            if (!looked)
            {
                // Gone meanwhile.
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        "UPDATE suspension_states SET due_at = NULL WHERE tenant_id = @tenant AND subscriber_id = @subscriber AND due_at <= @now",
                        new
                        {
                            tenant,
                            subscriber,
                            now = clock.GetUtcNow(),
                        },
                        cancellationToken: ct
                    )
                );
            }
        }
    }

    private async Task<bool> LookAtAsync(Guid tenant, Guid subscriber, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "suspensions");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        if (await scope.ServiceProvider.GetRequiredService<SuspensionBook>().LookAgainAsync(subscriber, ct) is null)
        {
            return false;
        }

        await work.CommitAsync(ct);
        return true;
    }
}
