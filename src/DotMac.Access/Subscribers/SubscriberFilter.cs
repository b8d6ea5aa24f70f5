using Dapper;
using DotMac.Contracts.Access;
using Microsoft.AspNetCore.Mvc;

namespace DotMac.Access.Subscribers;

/// <summary>What a list of subscribers is narrowed to and how it is sorted.</summary>
/// <param name="Q">Found anywhere in username, number, full name or IPv4 address, in any case.</param>
/// <param name="Sort">username (default), subscriber_number, full_name, created_at or updated_at; with - before it from the end.</param>
/// <param name="HasOnu">Only those with an ONU's serial on them, or only those without one.</param>
/// <param name="Status">One status; without it all but the terminated.</param>
public sealed record SubscriberFilter(
    string? Q = null,
    bool? Enabled = null,
    bool? Online = null,
    [property: FromQuery(Name = "bandwidth_profile_id")] Guid? BandwidthProfileId = null,
    string? Sort = null,
    string? Status = null,
    [property: FromQuery(Name = "has_onu")] bool? HasOnu = null
)
{
    internal const string Where =
        """
            WHERE s.deleted_at IS NULL
                AND CASE WHEN @status::smallint IS NULL THEN s.status <> 4 ELSE s.status = @status END
                AND (@pattern::text IS NULL OR s.search LIKE @pattern)
                AND (@Enabled::boolean IS NULL OR s.enabled = @Enabled)
                AND (@BandwidthProfileId::uuid IS NULL OR s.bandwidth_profile_id = @BandwidthProfileId)
                AND (@HasOnu::boolean IS NULL OR (s.onu_serial IS NOT NULL) = @HasOnu)
                AND (@Online::boolean IS NULL OR @Online =
            """
        + SubscriberView.IsOnline
        + ") ";

    /// <summary>The values of the parameters in <see cref="Where"/>.</summary>
    internal DynamicParameters Parameters() =>
        new(
            new
            {
                // A word that is no status finds nothing.
                status = Input.Clean(Status) is { } word ? (short?)Words.Read<SubscriberStatus>(word) ?? -1 : (short?)null,
                pattern = Input.Contains(Q),
                Enabled,
                Online,
                BandwidthProfileId,
                HasOnu,
            }
        );
}
