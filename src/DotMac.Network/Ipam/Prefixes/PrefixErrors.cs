using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Prefixes;

internal static class PrefixErrors
{
    public static readonly Error NotFound = Error.NotFound("ipam_prefix.not_found", "There is no such prefix.");

    public static readonly Error Full = Error.Conflict("ipam_prefix.full", "The prefix has no room for this.");
}
