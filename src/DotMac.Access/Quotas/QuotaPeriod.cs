using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Quotas;

/// <summary>The tenant's calendar, for periods that begin on a day of the month.</summary>
internal static class QuotaPeriod
{
    /// <summary>What day it is for the tenant.</summary>
    public static async Task<DateOnly> TodayAsync(UnitOfWork work, DateTimeOffset now, CancellationToken ct) =>
        DateOnly.FromDateTime(
            await work.Connection.ExecuteScalarAsync<DateTime>(
                new CommandDefinition(
                    "SELECT (@now AT TIME ZONE known_zone(coalesce((SELECT time_zone FROM tenants), 'UTC')))::date::timestamp",
                    new { now },
                    work.Transaction,
                    cancellationToken: ct
                )
            )
        );
}
