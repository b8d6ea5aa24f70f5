namespace DotMac.Contracts.External;

/// <summary>What may become of an allocated address (provisioning.md §1), v4 and v6 alike: one table for everybody who moves one.</summary>
/// <remarks>
/// <code>
/// pending    → allocated | failed
/// allocated  → active | failed | revoking
/// active     → suspended | revoking | failed
/// suspended  → active | revoking | failed
/// revoking   → revoked | failed
/// failed     → pending
/// revoked      final
/// </code>
/// Staying where it is changes nothing and is no move.
/// </remarks>
public static class AddressLife
{
    public static bool MayBecome(this AddressState from, AddressState to) =>
        (from, to) switch
        {
            (AddressState.Pending, AddressState.Allocated or AddressState.Failed) => true,
            (AddressState.Allocated, AddressState.Active or AddressState.Failed or AddressState.Revoking) => true,
            (AddressState.Active, AddressState.Suspended or AddressState.Revoking or AddressState.Failed) => true,
            (AddressState.Suspended, AddressState.Active or AddressState.Revoking or AddressState.Failed) => true,
            (AddressState.Revoking, AddressState.Revoked or AddressState.Failed) => true,
            (AddressState.Failed, AddressState.Pending) => true,
            _ => false,
        };
}
