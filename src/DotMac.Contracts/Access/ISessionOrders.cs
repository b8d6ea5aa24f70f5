namespace DotMac.Contracts.Access;

/// <summary>How far the NAS are with what was asked about a subscriber's sessions.</summary>
/// <param name="Waiting">Not answered yet, or to be asked again.</param>
/// <param name="Refused">Given up: a NAS refused, or was never reached.</param>
/// <param name="Message">What the last of them said, when one waits or refused.</param>
public sealed record SessionOrdersStanding(int Waiting, int Done, int Refused, string? Message);

/// <summary>
/// What a workflow wants of the sessions that a subscriber has open: put down inside its unit of work, asked of the NAS by the worker after
/// the commit, again and again while a NAS is silent. Answers how many sessions are meant.
/// </summary>
public interface ISessionOrders
{
    /// <summary>They are dropped, so that they sign on anew as what holds then.</summary>
    Task<int> DropAsync(Guid subscriberId, string by, CancellationToken ct);

    /// <summary>They get this filter, of a walled garden or the line's own; a NAS that will not is asked to drop the session.</summary>
    Task<int> FilterAsync(Guid subscriberId, string filterId, string by, CancellationToken ct);

    /// <summary>They get the rates of a profile, in the attributes of each NAS's vendor; a NAS that will not is asked to drop the session.</summary>
    Task<int> RateAsync(Guid subscriberId, Guid bandwidthProfileId, string by, CancellationToken ct);

    /// <summary>They get these VLANs; a NAS that will not is asked to drop the session.</summary>
    Task<int> VlanAsync(Guid subscriberId, int serviceVlan, int? innerVlan, string by, CancellationToken ct);

    /// <summary>What came of the orders that were put down since then.</summary>
    Task<SessionOrdersStanding> StandAsync(Guid subscriberId, DateTimeOffset since, CancellationToken ct);
}
