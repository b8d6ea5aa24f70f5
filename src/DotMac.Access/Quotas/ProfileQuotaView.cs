using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Quotas;

/// <summary>The monthly volume cap of a bandwidth profile. Octets.</summary>
public sealed record ProfileQuotaView(
    Guid ProfileId,
    long QuotaBytes,
    string Direction,
    int ResetDay,
    string Action,
    Guid? ThrottleProfileId,
    DateTimeOffset UpdatedAt
)
{
    internal static Task<ProfileQuotaView?> FindAsync(UnitOfWork work, Guid profile, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<ProfileQuotaView>(
            new CommandDefinition(
                """
                SELECT profile_id, quota_bytes, direction, reset_day::int AS reset_day, action, throttle_profile_id, updated_at
                FROM bandwidth_profile_quotas WHERE profile_id = @profile
                """,
                new { profile },
                work.Transaction,
                cancellationToken: ct
            )
        );

    internal static Task<bool> ProfileExistsAsync(UnitOfWork work, Guid profile, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "SELECT EXISTS (SELECT FROM radius_bandwidth_profiles WHERE id = @profile)",
                new { profile },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
