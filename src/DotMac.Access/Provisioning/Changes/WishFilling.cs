using DotMac.Access.NetworkProfiles;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>
/// What nobody said of a change: as the line is, where it is so by its own choice; where it only follows the defaults of its plan and site, as
/// they say at the place where it will be. Pure.
/// </summary>
/// <param name="Line">As it is.</param>
/// <param name="Old">The defaults of its plan where it is.</param>
/// <param name="New">The defaults of its plan where it will be; the same when it does not move.</param>
internal sealed record WishFilling(LineFacts Line, LineDefaults Old, LineDefaults New)
{
    /// <summary>With its pool; of one that is named the length is the pool's own.</summary>
    public AddressWish Fill(AddressWish wish) =>
        wish.Wanted is not null || wish.Reservation is not null
            ? wish
            : wish with
            {
                Pool = wish.Pool ?? PoolOf(wish.Kind),
                Length =
                    wish.Kind != AddressKind.DelegatedPrefix ? null
                    : wish.Pool is null ? wish.Length ?? Own(Line.Ipv6PdSize, Old.Ipv6PdSize, New.Ipv6PdSize)
                    : wish.Length,
            };

    /// <summary>A VLAN that is named is what it is said to be; one that is taken from a pool is Q-in-Q when the line is.</summary>
    public VlanWish Fill(VlanWish wish) =>
        wish with
        {
            Pool = wish.Pool ?? (wish.ServiceVlan is null ? Own(Line.VlanPool, Old.VlanPool, New.VlanPool) : null),
            IsQinQ = wish.IsQinQ ?? (wish.ServiceVlan is null && Own(Line.QinqEnabled, Old.QinqEnabled, New.QinqEnabled)),
        };

    /// <summary>Why a wish would give the line what it cannot use, or what its tenant has switched off.</summary>
    public static Error? Refusal(LineFacts line, IEnumerable<AddressWish> wishes, TenantFlags flags)
    {
        foreach (var wish in wishes)
        {
            if (wish.Kind == AddressKind.DelegatedPrefix && !flags.IsOn(TenantFlag.Ipv6Pd))
            {
                return NetworkProfileErrors.PdSwitchedOff;
            }

            var isUsed = (wish.Kind, line.Ipv6Mode) switch
            {
                (AddressKind.Ipv4, _) or (_, null or Ipv6Mode.DualStack) => true,
                (AddressKind.Ipv6, var mode) => mode is Ipv6Mode.Slaac or Ipv6Mode.Stateful,
                var (_, mode) => mode is Ipv6Mode.Pd,
            };
            var length = wish.Kind == AddressKind.Ipv6 ? AddressNeeds.LinkLength(line.Ipv6Mode) : null;
            if (!isUsed || (length is not null && wish.Wanted is { } wanted && wanted.PrefixLength != length))
            {
                return ChangeErrors.ModeUnfit(Words.Of(line.Ipv6Mode!.Value), Words.Of(wish.Kind), length);
            }
        }

        return null;
    }

    private string? PoolOf(AddressKind kind) =>
        kind switch
        {
            AddressKind.Ipv4 => Own(Line.Ipv4Pool, Old.Ipv4Pool, New.Ipv4Pool),
            AddressKind.Ipv6 => Own(Line.Ipv6Pool, Old.Ipv6Pool, New.Ipv6Pool),
            _ => Own(Line.PdPool, Old.PdPool, New.PdPool),
        };

    private static T Own<T>(T line, T old, T @new) => line is null || EqualityComparer<T>.Default.Equals(line, old) ? @new : line;
}
