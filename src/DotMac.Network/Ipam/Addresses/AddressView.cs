using DotMac.Contracts.External;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>Who holds, or held, an address or a prefix.</summary>
/// <param name="Address">As <c>100.64.3.7/32</c> or <c>2001:db8:3:700::/56</c>.</param>
/// <param name="OwnerId">The subscriber; null for what belongs to the network itself.</param>
/// <param name="Label">For people: the subscriber's number, the router's name.</param>
/// <param name="ExpiresAt">Of a reservation that nobody has used yet.</param>
/// <param name="EndedAt">Null while it is held.</param>
/// <param name="RestsUntil">Until then the next one does not get it.</param>
public sealed record AddressView(
    Guid Id,
    string Address,
    AddressKind Kind,
    AddressState State,
    AllocationOrigin Origin,
    Guid? VrfId,
    string? Vrf,
    Guid? PoolId,
    string? Pool,
    string? Gateway,
    Guid? OwnerId,
    string Label,
    string Key,
    string? DnsName,
    string? Description,
    DateTimeOffset AllocatedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? SuspendedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? RestsUntil,
    string CreatedBy,
    string? EndedBy
)
{
    internal static AddressView Of(AllocationRow row) =>
        new(
            row.Id,
            row.Network,
            row.Kind,
            row.State,
            row.Origin,
            row.Vrf is null ? null : row.Space,
            row.Vrf,
            row.PoolId,
            row.Pool,
            row.Gateway,
            row.OwnerId,
            row.Label,
            row.Key,
            row.DnsName,
            row.Description,
            row.AllocatedAt,
            row.ActivatedAt,
            row.SuspendedAt,
            row.ExpiresAt,
            row.EndedAt,
            row.RestsUntil,
            row.CreatedBy,
            row.EndedBy
        );
}
