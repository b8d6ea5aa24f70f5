using System.Net;
using DotMac.Contracts.Access;

namespace DotMac.Network.Ipam;

/// <summary>
/// Whether the owner's line carries what he holds: what is given back then would be somebody else's while this line goes on with it. A line
/// that is suspended carries its own too; one that was ended has no profile any more and carries nothing.
/// </summary>
internal sealed class Carrying(ILineProfiles lines)
{
    public async Task<bool> CarriesAsync(VlanAllocationRow held, CancellationToken ct) =>
        await lines.FindAsync(held.OwnerId, ct) is { Facts: var line }
        && line.ServiceVlan == held.ServiceVlan
        && (held.InnerVlan is null || line.InnerVlan == held.InnerVlan);

    public async Task<bool> CarriesAsync(AllocationRow held, CancellationToken ct)
    {
        if (held.OwnerId is not { } owner || await lines.FindAsync(owner, ct) is not { Facts: var line })
        {
            return false;
        }

        var network = IPNetwork.Parse(held.Network);
        return network.Equals(line.DelegatedIpv6Prefix)
            || network.Equals(line.Ipv6Prefix)
            || (network.BaseAddress.Equals(line.StaticIpv4) && network.PrefixLength == 32)
            || (network.BaseAddress.Equals(line.StaticIpv6) && network.PrefixLength == 128);
    }
}
