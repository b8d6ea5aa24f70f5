namespace DotMac.Contracts.External;

/// <summary>What may become of an allocated address, v4 and v6 alike: one table for everybody who moves one.</summary>
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

    /// <summary>The moves that lead from one state to another, the fewest of them; none when it is there already, or when no way leads there.</summary>
    public static IReadOnlyList<AddressState> PathTo(this AddressState from, AddressState to)
    {
        var ways = new Queue<AddressState[]>([
            [from],
        ]);
        var seen = new HashSet<AddressState> { from };
        while (ways.TryDequeue(out var way))
        {
            if (way[^1] == to)
            {
                return way[1..];
            }

            foreach (var next in Enum.GetValues<AddressState>().Where(s => way[^1].MayBecome(s) && seen.Add(s)))
            {
                ways.Enqueue([.. way, next]);
            }
        }

        return [];
    }
}
