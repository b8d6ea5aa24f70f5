using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning;

/// <summary>
/// What an order needs beyond the permission of its endpoint: that of everything it touches. The run is the platform's and may do all, so
/// whoever asks for it is looked at when he asks.
/// </summary>
internal static class Grants
{
    public const string Radius = "isp.radius.write";
    public const string Sessions = "isp.radius.sessions.manage";
    public const string Ipam = "isp.ipam.write";
    public const string Pon = "isp.network.pon.write";
    public const string Cpe = "isp.cpe.write";

    /// <summary>Names the first that the caller lacks; null entries need nothing.</summary>
    public static Error? Missing(Caller caller, params ReadOnlySpan<string?> needed)
    {
        foreach (var permission in needed)
        {
            if (permission is not null && !caller.May(permission))
            {
                return Error.PermissionMissing(permission);
            }
        }

        return null;
    }
}
