using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Vlans;

internal static class VlanAllocationErrors
{
    public static readonly Error NotFound = Error.NotFound("ipam_vlan_allocation.not_found", "There is no such allocation.");

    public static readonly Error Ended = Error.Conflict("ipam_vlan_allocation.ended", "It was given back already.");

    public static readonly Error InUse = Error.Conflict(
        "ipam_vlan_allocation.in_use",
        "The line carries it. Change its network or end its service first, or force the release: another line may then get the same VLAN."
    );
}
