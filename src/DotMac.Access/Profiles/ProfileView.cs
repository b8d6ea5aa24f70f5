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
    /// <summary>Its subscribers may sign on at the NAS of these groups alone; empty: at every NAS.</summary>
    public IReadOnlyList<string> AllowedNasGroups { get; init; } = [];

    /// <summary>Only in the answer to a change of its rates: what would tell them to running sessions. Null: nobody is to be told.</summary>
    public OfferedRun? CoaRun { get; init; }

    internal const string Select = """
        SELECT p.id, p.name, p.description, p.download_rate_kbps, p.upload_rate_kbps, p.download_burst_kbps, p.upload_burst_kbps,
            p.burst_threshold_percent, p.burst_time_seconds, p.priority, p.vendor_profile_name,
            (SELECT count(*) FROM subscribers s WHERE s.bandwidth_profile_id = p.id AND s.deleted_at IS NULL) AS subscriber_count,
            p.created_at, p.updated_at, p.version, p.allowed_nas_groups AS names
        FROM radius_bandwidth_profiles p

        """;

    internal static async Task<ProfileView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        await ReadAsync(work, "WHERE p.id = @id", new { id }, ct) is [var one] ? one : null;

    internal static async Task<List<ProfileView>> ReadAsync(UnitOfWork work, string which, object values, CancellationToken ct) =>
        [
            .. await work.Connection.QueryAsync<ProfileView, Groups, ProfileView>(
                new CommandDefinition(Select + which, values, work.Transaction, cancellationToken: ct),
                static (profile, groups) => profile with { AllowedNasGroups = groups.Names },
                splitOn: "names"
            ),
        ];

    /// <summary>Apart, because Dapper finds no constructor for what the driver says of arrays.</summary>
    internal sealed class Groups
    {
        public string[] Names { get; set; } = [];
    }
}
