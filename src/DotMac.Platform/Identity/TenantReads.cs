using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Platform.Identity;

/// <summary>What identity needs to know of a tenant.</summary>
internal static class TenantReads
{
    public sealed record Summary(Guid Id, string Slug, string Name, string TimeZone, string Currency, string Locale);

    public static async Task<bool> IsClosedAsync(UnitOfWork work, Guid tenantId, CancellationToken ct) =>
        CallerLookup.IsClosed(
            await work.Connection.ExecuteScalarAsync<short>(
                new CommandDefinition(
                    "SELECT status FROM tenants WHERE tenant_id = @tenantId",
                    new { tenantId },
                    work.Transaction,
                    cancellationToken: ct
                )
            )
        );

    public static Task<Summary> SummaryAsync(UnitOfWork work, Guid tenantId, CancellationToken ct) =>
        work.Connection.QuerySingleAsync<Summary>(
            new CommandDefinition(
                "SELECT tenant_id AS id, slug, name, time_zone, currency, locale FROM tenants WHERE tenant_id = @tenantId",
                new { tenantId },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
