using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>
/// What is in force of a line: what is stored, as its profile and its tenant's flags let it through. Pure, and done when a login enters the
/// snapshot, so that a packet costs nothing for it and everybody who answers for RADIUS (our listeners, FreeRADIUS's tables, CoA) agrees.
/// </summary>
internal static class LineInForce
{
    /// <param name="stored">As the rows say.</param>
    /// <returns>The same object when all of it is in force; else a copy that remembers the stored one.</returns>
    public static Login Of(Login stored, TenantFlags flags)
    {
        var line = stored;
        if (!flags.IsOn(TenantFlag.NetworkProfileConsumption))
        {
            line = WithoutProfile(line);
        }

        if (line.InnerVlan is not null && !(stored.QinqEnabled && flags.IsOn(TenantFlag.QinqProvisioning)))
        {
            line = line with { InnerVlan = null };
        }

        if (!flags.IsOn(TenantFlag.Ipv6Pd) && (line.DelegatedIpv6Prefix is not null || line.DelegatedIpv6Pool is not null))
        {
            line = line with
            {
                DelegatedIpv6Prefix = null,
                DelegatedIpv6Pool = null,
                Ipv6Mode = line.Ipv6Mode == Ipv6Mode.Pd ? Ipv6Mode.None : line.Ipv6Mode,
            };
        }

        if (!flags.IsOn(TenantFlag.Option82Enforcement) && line.Line is { Policy: Option82Policy.Enforce } strict)
        {
            line = line with { Line = strict with { Policy = Option82Policy.Log } };
        }

        line = WithLivingAddresses(line);
        return ReferenceEquals(line, stored) ? stored : line with { Stored = stored };
    }

    private static Login WithoutProfile(Login line) =>
        line with
        {
            VlanId = null,
            InnerVlan = null,
            FramedIpv4Address = null,
            FramedIpv4Netmask = null,
            FramedIpv6Prefix = null,
            FramedIpv6Address = null,
            DelegatedIpv6Prefix = null,
            Ipv6Mode = null,
            Line = null,
        };

    /// <summary>
    /// An address that is being taken away, or failed, is not sent; nor is a suspended one, unless the whole line is suspended: in the
    /// walled garden it keeps its address.
    /// </summary>
    private static Login WithLivingAddresses(Login line)
    {
        if (line.FramedIpv4Address is not null && !IsSent(line.Ipv4State, line.Suspended))
        {
            line = line with { FramedIpv4Address = null, FramedIpv4Netmask = null };
        }

        if (!IsSent(line.Ipv6State, line.Suspended) && Ipv6Line.ModeOf(line) != Ipv6Mode.None)
        {
            line = line with
            {
                FramedIpv6Prefix = null,
                FramedIpv6Address = null,
                DelegatedIpv6Prefix = null,
                Ipv6Mode = line.Ipv6State == AddressState.Suspended ? Ipv6Mode.None : line.Ipv6Mode,
            };
        }

        return line;
    }

    private static bool IsSent(AddressState state, bool isLineSuspended) =>
        state switch
        {
            AddressState.Suspended => isLineSuspended,
            AddressState.Revoking or AddressState.Revoked or AddressState.Failed => false,
            _ => true,
        };
}
