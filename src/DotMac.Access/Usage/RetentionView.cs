using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Usage;

/// <summary>How long the tenant keeps accounting. Daily and monthly volumes are kept for good.</summary>
/// <param name="SessionsMonths">Months of sessions, after the month in which they began.</param>
/// <param name="HourlyDays">Days of hourly volumes.</param>
public sealed record RetentionView(int SessionsMonths, int HourlyDays, int Version)
{
    internal static async Task<RetentionView> ReadAsync(UnitOfWork work, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<RetentionView>(
            new CommandDefinition(
                "SELECT sessions_months::int AS sessions_months, hourly_days::int AS hourly_days, version FROM accounting_retention",
                transaction: work.Transaction,
                cancellationToken: ct
            )
        ) ?? new RetentionView(24, 90, 0);
}
