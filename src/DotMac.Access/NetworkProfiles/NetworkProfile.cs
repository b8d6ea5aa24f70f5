using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// What is known of a subscriber's line beyond what RADIUS needs of it, which stands in the subscriber's own row: where its VLAN and addresses
/// come from, and where its addresses are in their life.
/// </summary>
internal sealed class NetworkProfile
{
    public required Guid TenantId { get; init; }

    public required Guid SubscriberId { get; init; }

    public Guid? SiteId { get; set; }

    /// <summary>Pools of the address plan, by name.</summary>
    public string? VlanPool { get; set; }

    public string? Ipv4Pool { get; set; }

    public string? Ipv6Pool { get; set; }

    public string? PdPool { get; set; }

    /// <summary>The inner VLAN is used; without this it is remembered and not sent.</summary>
    public bool QinqEnabled { get; set; }

    /// <summary>Length of the delegated prefix to allocate.</summary>
    public short Ipv6PdSize { get; set; } = 56;

    public AddressState Ipv4State { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv4ChangedAt { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv4AllocatedAt { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv4ActivatedAt { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv4RevokedAt { get; private set; }

    public AddressState Ipv6State { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv6ChangedAt { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv6AllocatedAt { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv6ActivatedAt { get; private set; }

    [NotAudited]
    public DateTimeOffset? Ipv6RevokedAt { get; private set; }

    public required DateTimeOffset CreatedAt { get; set; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Taken away then; the row stays, so that its version does not fall. Noted as <c>network_profile.deleted</c>.</summary>
    [NotAudited]
    public DateTimeOffset? DeletedAt { get; set; }

    public int Version { get; set; } = 1;

    public AddressState StateOf(AddressFamilyKind family) => family == AddressFamilyKind.Ipv4 ? Ipv4State : Ipv6State;

    /// <summary>Moves an address through its life; where it is already, nothing happens.</summary>
    public Error? Move(AddressFamilyKind family, AddressState to, DateTimeOffset now)
    {
        var from = StateOf(family);
        if (from == to)
        {
            return null;
        }

        if (!from.MayBecome(to))
        {
            return NetworkProfileErrors.TransitionRefused(family, from, to);
        }

        Set(family, to, now);
        return null;
    }

    /// <summary>Another address begins another life; only of one that is revoked or has failed must this be said.</summary>
    public void BeginAnew(AddressFamilyKind family, DateTimeOffset now)
    {
        if (StateOf(family) is AddressState.Revoked or AddressState.Failed)
        {
            Set(family, AddressState.Pending, now);
        }
    }

    /// <summary>A profile that was taken away and is wanted again starts as a new one.</summary>
    public void Revive(DateTimeOffset now)
    {
        DeletedAt = null;
        CreatedAt = now;
        (Ipv4State, Ipv4ChangedAt, Ipv4AllocatedAt, Ipv4ActivatedAt, Ipv4RevokedAt) = (AddressState.Pending, null, null, null, null);
        (Ipv6State, Ipv6ChangedAt, Ipv6AllocatedAt, Ipv6ActivatedAt, Ipv6RevokedAt) = (AddressState.Pending, null, null, null, null);
    }

    public void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    private void Set(AddressFamilyKind family, AddressState to, DateTimeOffset now)
    {
        if (family == AddressFamilyKind.Ipv4)
        {
            (Ipv4State, Ipv4ChangedAt) = (to, now);
            Ipv4AllocatedAt = to == AddressState.Allocated ? now : Ipv4AllocatedAt;
            Ipv4ActivatedAt = to == AddressState.Active ? now : Ipv4ActivatedAt;
            Ipv4RevokedAt = to == AddressState.Revoked ? now : Ipv4RevokedAt;
        }
        else
        {
            (Ipv6State, Ipv6ChangedAt) = (to, now);
            Ipv6AllocatedAt = to == AddressState.Allocated ? now : Ipv6AllocatedAt;
            Ipv6ActivatedAt = to == AddressState.Active ? now : Ipv6ActivatedAt;
            Ipv6RevokedAt = to == AddressState.Revoked ? now : Ipv6RevokedAt;
        }
    }
}
