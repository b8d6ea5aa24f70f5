using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Usage;

/// <summary>The tenant's calendar: what day it is there now.</summary>
internal sealed record TenantDays(string Zone, DateOnly Today)
{
    public static async Task<TenantDays> ReadAsync(UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        var (zone, today) = await work.Connection.QuerySingleAsync<(string, DateTime)>(
            new CommandDefinition(
                """
                SELECT z.zone, (@now AT TIME ZONE z.zone)::date::timestamp
                FROM (SELECT known_zone(coalesce((SELECT time_zone FROM tenants), 'UTC')) AS zone) z
                """,
                new { now },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return new TenantDays(zone, DateOnly.FromDateTime(today));
    }
}
