using System.Net;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Whether the address plan keeps for somebody else what a line is to be told, and where it keeps the line's pair of VLANs. Of a plan in our own database;
/// one outside is asked when the line's addresses are allocated.
/// </summary>
internal static class PlanConflicts
{
    public static async Task<IReadOnlyList<Fault>> FindAsync(
        Drivers drivers,
        UnitOfWork work,
        Guid self,
        LineFacts before,
        LineFacts after,
        IReadOnlyCollection<Guid> reservations,
        CancellationToken ct
    )
    {
        var (v4, v6, prefix, delegated) = AddressConflicts.Changed(before, after);
        var asked = new List<(string Field, IPNetwork Network)>();
        Add("static_ipv4", v4 is null ? null : new IPNetwork(v4, 32));
        Add("static_ipv6", v6 is null ? null : new IPNetwork(v6, 128));
        Add("ipv6_prefix", prefix);
        Add("delegated_ipv6_prefix", delegated);
        var pair = VlanConflicts.Changed(before, after);
        var along = VlanConflicts.TakenAlong(before, after);
        if (asked.Count == 0 && pair is null && along is null)
        {
            return [];
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        if (plan.CallsOut)
        {
            return [];
        }

        var owners = await LineOwners.OfAsync(work, self, ct);
        var faults = new List<Fault>();
        foreach (var (field, network) in asked)
        {
            if ((await plan.KeptForOthersAsync(network, owners, ct)).Value is { } kept && !reservations.Contains(kept.Id))
            {
                faults.Add(NetworkProfileErrors.AddressTaken(field, kept.What, Words(kept)));
            }
        }

        // A line that stood at any site brings to one only what the plan keeps for it.
        pair ??= along is { } own && await HoldsAsync(plan, owners, own, ct) ? own : null;
        if (
            pair is var (service, inner)
            && (await plan.VlanKeptForOthersAsync(service, inner, after.SiteId, owners, ct)).Value is { } other
        )
        {
            faults.Add(NetworkProfileErrors.VlanTaken(service, inner, Words(other)));
        }

        return faults;

        void Add(string field, IPNetwork? network)
        {
            if (network is { } one)
            {
                asked.Add((field, one));
            }
        }
    }

    /// <summary>A pair that the line takes along is kept where the line is; one that the plan knows nothing of stays so.</summary>
    public static async Task<Fault?> MoveAsync(
        Drivers drivers,
        UnitOfWork work,
        Guid self,
        LineFacts before,
        LineFacts after,
        CancellationToken ct
    )
    {
        if (VlanConflicts.TakenAlong(before, after) is not var (service, inner))
        {
            return null;
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        return
            !plan.CallsOut
            && (await plan.MoveVlanAsync(await LineOwners.OfAsync(work, self, ct), service, inner, before.SiteId, after.SiteId, ct)).Fault
                is { } fault
            ? NetworkProfileErrors.VlanRefused(fault)
            : null;
    }

    private static async Task<bool> HoldsAsync(
        IAddressPlan plan,
        IReadOnlyList<Guid> owners,
        (int Service, int Inner) pair,
        CancellationToken ct
    )
    {
        foreach (var owner in owners)
        {
            if ((await plan.HeldByAsync(owner, ct)).Value is { } held && held.Vlans.Any(v => (v.ServiceVlan, v.InnerVlan) == pair))
            {
                return true;
            }
        }

        return false;
    }

    private static string Words(KeptForOther kept) =>
        $"{(kept.Label.Length > 0 ? kept.Label : "another")} in the address plan ({(kept.IsReserved ? "reservation" : "allocation")} {kept.Id})";
}
