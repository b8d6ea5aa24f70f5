using System.Globalization;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Subscribers;

/// <summary>Numbers for subscribers that bring none: S-000001, S-000002, …</summary>
internal static class SubscriberNumbers
{
    /// <summary>The next free number of the tenant; numbers given by hand are passed over.</summary>
    public static async Task<string> NextAsync(UnitOfWork work, CancellationToken ct)
    {
        while (true)
        {
            var last = await work.Connection.ExecuteScalarAsync<long>(
                new CommandDefinition(
                    """
                    INSERT INTO subscriber_counters AS c (tenant_id, last) VALUES (@TenantId, 1)
                    ON CONFLICT (tenant_id) DO UPDATE SET last = c.last + 1 RETURNING last
                    """,
                    new { work.TenantId },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var number = string.Create(CultureInfo.InvariantCulture, $"S-{last:000000}");
            if (!await IsTakenAsync(work, number, ct))
            {
                return number;
            }
        }
    }

    public static Task<bool> IsTakenAsync(UnitOfWork work, string number, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM subscribers WHERE subscriber_number = @number AND deleted_at IS NULL)",
                new { number },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
