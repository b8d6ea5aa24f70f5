using System.Globalization;
using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>
/// Removes accounting past its time, at the start and every six hours: whole months of sessions (a partition is dropped when no tenant keeps
/// it, else the tenant's rows in it are deleted), hourly volumes and five-minute samples. Daily and monthly volumes stay. Safe to repeat; one node at a
/// time does it. Each tenant's audit log says what went.
/// </summary>
internal sealed class AccountingRetention(
    Databases databases,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<AccountingRetention> log
) : BackgroundService
{
    private const long RetentionLock = 0x646f746d6164;
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    private sealed record Term(Guid TenantId, int SessionsMonths, int HourlyDays);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e) || e is PostgresException)
            {
                log.LogWarning("Old accounting stays for now: {Reason}", e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task SweepAsync(CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        if (!await connection.ExecuteScalarAsync<bool>(Sql("SELECT pg_try_advisory_lock(@RetentionLock)", new { RetentionLock }, ct)))
        {
            return;
        }

        try
        {
            var terms = (
                await connection.QueryAsync<Term>(
                    Sql(
                        """
                        SELECT t.tenant_id, coalesce(r.sessions_months, 24)::int AS sessions_months, coalesce(r.hourly_days, 90)::int AS hourly_days
                        FROM tenants t LEFT JOIN accounting_retention r USING (tenant_id)
                        """,
                        null,
                        ct
                    )
                )
            ).ToList();
            foreach (var month in await MonthsAsync(connection, ct))
            {
                await RemoveAsync(connection, month, [.. terms.Where(t => IsPast(month, t.SessionsMonths))], terms.Count, ct);
            }

            foreach (var term in terms)
            {
                await RemoveVolumesAsync(connection, term, ct);
            }
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@RetentionLock)", new { RetentionLock });
        }
    }

    /// <summary>Whether the whole month, and so every session that began in it, is older than so many months.</summary>
    private bool IsPast(DateTime month, int months) => month.AddMonths(months + 1) <= clock.GetUtcNow().UtcDateTime;

    private static async Task<List<DateTime>> MonthsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var names = await connection.QueryAsync<string>(
            Sql("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'radacct'::regclass ORDER BY 1", null, ct)
        );
        return
        [
            .. names.Select(n =>
                DateTime.ParseExact(
                    n[^6..],
                    "yyyyMM",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
                )
            ),
        ];
    }

    private async Task RemoveAsync(NpgsqlConnection connection, DateTime month, List<Term> past, int tenants, CancellationToken ct)
    {
        if (past.Count == 0)
        {
            return;
        }

        var range = new
        {
            month,
            until = month.AddMonths(1),
            past = past.Select(t => t.TenantId).ToArray(),
        };
        var held = (
            await connection.QueryAsync<(Guid Tenant, long Sessions, long Open)>(
                Sql(
                    """
                    SELECT tenant_id, count(*), count(*) FILTER (WHERE acctstoptime IS NULL)
                    FROM radacct WHERE acctstarttime >= @month AND acctstarttime < @until GROUP BY tenant_id
                    """,
                    range,
                    ct
                )
            )
        ).ToList();
        var removed = held.Where(h => range.past.Contains(h.Tenant) && h.Sessions > h.Open).ToList();
        if (past.Count == tenants && held.All(h => h.Open == 0))
        {
            await connection.ExecuteAsync(Sql("SELECT drop_radacct_partition(@month::date)", range, ct));
        }
        else if (removed.Count > 0)
        {
            // Another tenant keeps the month, or a session of it still runs.
            await connection.ExecuteAsync(
                Sql(
                    """
                    DELETE FROM radacct WHERE tenant_id = ANY (@past) AND acctstarttime >= @month AND acctstarttime < @until
                        AND acctstoptime IS NOT NULL
                    """,
                    range,
                    ct
                )
            );
        }

        foreach (var (tenant, sessions, open) in removed)
        {
            log.LogInformation(
                "{Sessions} sessions of {Month:yyyy-MM} removed, past their time: tenant {Tenant}",
                sessions - open,
                month,
                tenant
            );
            await AuditAsync(tenant, month, sessions - open, ct);
        }
    }

    private async Task RemoveVolumesAsync(NpgsqlConnection connection, Term term, CancellationToken ct)
    {
        var removed = await connection.ExecuteAsync(
            Sql(
                """
                DELETE FROM usage_hourly WHERE tenant_id = @TenantId AND hour < @before;
                DELETE FROM usage_nas_hourly WHERE tenant_id = @TenantId AND hour < @before;
                DELETE FROM usage_tenant_samples WHERE tenant_id = @TenantId AND at < @before;
                """,
                new { term.TenantId, before = clock.GetUtcNow().AddDays(-term.HourlyDays) },
                ct
            )
        );
        if (removed > 0)
        {
            log.LogInformation("{Rows} hourly volumes removed, past their time: tenant {Tenant}", removed, term.TenantId);
        }
    }

    private async Task AuditAsync(Guid tenant, DateTime month, long sessions, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "retention");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        var name = month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        scope
            .ServiceProvider.GetRequiredService<AuditTrail>()
            .Note("accounting.retention", "radacct", name, before: JsonSerializer.Serialize(new { sessions }));
        await work.CommitAsync(ct);
    }

    private static CommandDefinition Sql(string text, object? values, CancellationToken ct) =>
        new(text, values, commandTimeout: 600, cancellationToken: ct);
}
