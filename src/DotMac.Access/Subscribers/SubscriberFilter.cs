using Dapper;
using Microsoft.AspNetCore.Mvc;

namespace DotMac.Access.Subscribers;

/// <summary>What a list of subscribers is narrowed to and how it is sorted.</summary>
/// <param name="Q">Found anywhere in username, number, full name or IPv4 address, in any case.</param>
/// <param name="Sort">username (default), subscriber_number, full_name, created_at or updated_at; with - before it from the end.</param>
public sealed record SubscriberFilter(
    string? Q = null,
    bool? Enabled = null,
    bool? Online = null,
    [property: FromQuery(Name = "bandwidth_profile_id")] Guid? BandwidthProfileId = null,
    string? Sort = null
)
{
    internal const string Where =
        """
            WHERE s.deleted_at IS NULL
                AND (@pattern::text IS NULL OR s.search LIKE @pattern)
                AND (@Enabled::boolean IS NULL OR s.enabled = @Enabled)
                AND (@BandwidthProfileId::uuid IS NULL OR s.bandwidth_profile_id = @BandwidthProfileId)
                AND (@Online::boolean IS NULL OR @Online =
            """
        + SubscriberView.IsOnline
        + ") ";

    /// <summary>The values of the parameters in <see cref="Where"/>.</summary>
    internal DynamicParameters Parameters() =>
        new(
            new
            {
                pattern = Input.Contains(Q),
                Enabled,
                Online,
                BandwidthProfileId,
            }
        );
}
