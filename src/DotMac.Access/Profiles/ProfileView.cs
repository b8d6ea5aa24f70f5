using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Profiles;

/// <summary>A bandwidth profile as the API shows it. Rates in kbit/s.</summary>
/// <param name="SubscriberCount">How many subscribers have it now.</param>
public sealed record ProfileView(
    Guid Id,
    string Name,
    string? Description,
    int DownloadRateKbps,
    int UploadRateKbps,
    int? DownloadBurstKbps,
    int? UploadBurstKbps,
    short? BurstThresholdPercent,
    short? BurstTimeSeconds,
    short? Priority,
    string? VendorProfileName,
    long SubscriberCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    internal const string Select = """
        SELECT p.id, p.name, p.description, p.download_rate_kbps, p.upload_rate_kbps, p.download_burst_kbps, p.upload_burst_kbps,
            p.burst_threshold_percent, p.burst_time_seconds, p.priority, p.vendor_profile_name,
            (SELECT count(*) FROM subscribers s WHERE s.bandwidth_profile_id = p.id AND s.deleted_at IS NULL) AS subscriber_count,
            p.created_at, p.updated_at, p.version
        FROM radius_bandwidth_profiles p

        """;

    internal static Task<ProfileView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<ProfileView>(
            new CommandDefinition(Select + "WHERE p.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
