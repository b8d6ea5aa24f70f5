using System.Net;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Whether the address plan keeps for somebody else what a line is to be told. Of a plan in our own database; one outside is asked when the line's
/// addresses are allocated.
/// </summary>
internal static class PlanConflicts
{
    public static async Task<IReadOnlyList<Fault>> FindAsync(
        Drivers drivers,
        Guid self,
        LineFacts before,
        LineFacts after,
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
        if (asked.Count == 0 && pair is null)
        {
            return [];
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        if (plan.CallsOut)
        {
            return [];
        }

        var faults = new List<Fault>();
        foreach (var (field, network) in asked)
        {
            if ((await plan.KeptForOthersAsync(network, self, ct)).Value is { } kept)
            {
                faults.Add(NetworkProfileErrors.AddressTaken(field, kept.What, Words(kept)));
            }
        }

        if (pair is var (service, inner) && (await plan.VlanKeptForOthersAsync(service, inner, after.SiteId, self, ct)).Value is { } other)
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

    private static string Words(KeptForOther kept) =>
        kept.Label.Length > 0 ? $"{kept.Label} in the address plan" : "another in the address plan";
}
