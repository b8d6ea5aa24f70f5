using System.Net;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.External;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>What two lines have and only one of them may have: a pair of VLANs at a site, an IPv6 address, a prefix or a part of it. Pure.</summary>
/// <remarks>
/// One of the two keeps it: for whom the address plan holds it, else the one in service, else the elder. Nobody is moved by a repair: it would cut
/// off a customer whose router may be set up by hand, and who of the two has it in truth is seen on the spot.
/// </remarks>
internal static class SharedComparison
{
    private sealed record Shared(WantedLine Line, WantedLine Other, string Value, AddressKind? Kind);

    public static IEnumerable<Found> Of(Picture picture)
    {
        // By unique index no two have one IPv4 address.
        var lines = picture.Lines.Values;
        return
        [
            .. Pairs(picture),
            .. OfAddresses(picture, lines.Where(l => l.LinkAddress is not null), l => l.LinkAddress!, AddressKind.Ipv6),
            .. OfAddresses(picture, lines.Where(l => l.LinkPrefix is not null), l => l.LinkPrefix!, AddressKind.Ipv6),
            .. OfDelegated(picture, lines.Where(l => l.DelegatedPrefix is not null)),
        ];
    }

    private static IEnumerable<Found> Pairs(Picture picture)
    {
        var holders = (picture.Holdings ?? [])
            .SelectMany(h => h.Vlans)
            .Where(v => v.InnerVlan is not null)
            .Select(v => (Owner: picture.Behind(v.OwnerId), Value: Comparison.Tags(v.ServiceVlan, v.InnerVlan)))
            .ToHashSet();
        foreach (
            var pair in picture
                .Lines.Values.Where(l => l is { ServiceVlan: not null, InnerInForce: not null })
                .GroupBy(l => (l.ServiceVlan, l.InnerInForce))
                .Where(g => g.Skip(1).Any())
        )
        {
            var value = Comparison.Tags(pair.Key.ServiceVlan, pair.Key.InnerInForce);
            // A line without a site may stand at any.
            WantedLine? first = null;
            WantedLine? anywhere = null;
            var bySite = new Dictionary<Guid, WantedLine>();
            foreach (var line in Ranked(pair, l => holders.Contains((l.Id, value))))
            {
                var here = line.SiteId is { } site ? bySite.GetValueOrDefault(site) : first;
                if ((here ?? anywhere) is { } other)
                {
                    yield return Pair(new Shared(line, other, value, null));
                }

                first ??= line;
                if (line.SiteId is not { } own)
                {
                    anywhere ??= line;
                }
                else
                {
                    bySite.TryAdd(own, line);
                }
            }
        }
    }

    private static IEnumerable<Found> OfAddresses(
        Picture picture,
        IEnumerable<WantedLine> lines,
        Func<WantedLine, string> valueOf,
        AddressKind kind
    )
    {
        var holders = Holders(picture);
        foreach (var same in lines.GroupBy(valueOf, StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
        {
            var ranked = Ranked(same, l => holders.Contains((l.Id, same.Key))).ToList();
            foreach (var line in ranked.Skip(1))
            {
                yield return Address(new Shared(line, ranked[0], same.Key, kind));
            }
        }
    }

    /// <summary>Prefixes in order, those around first: what is still open when one is come to lies around it.</summary>
    private static IEnumerable<Found> OfDelegated(Picture picture, IEnumerable<WantedLine> lines)
    {
        var holders = Holders(picture);
        var around = new Stack<(IPNetwork Network, WantedLine Line)>();
        var inOrder = lines
            .Select(l => (Network: IPNetwork.Parse(l.DelegatedPrefix!), Line: l))
            .OrderBy(p => Convert.ToHexString(p.Network.BaseAddress.GetAddressBytes()), StringComparer.Ordinal)
            .ThenBy(p => p.Network.PrefixLength);
        foreach (var one in inOrder)
        {
            while (around.TryPeek(out var outer) && !outer.Network.Contains(one.Network.BaseAddress))
            {
                around.Pop();
            }

            if (around.TryPeek(out var whole))
            {
                var ranked = Ranked([whole.Line, one.Line], l => holders.Contains((l.Id, l.DelegatedPrefix!))).ToList();
                yield return Address(new Shared(ranked[1], ranked[0], ranked[1].DelegatedPrefix!, AddressKind.DelegatedPrefix));
            }

            around.Push(one);
        }
    }

    private static HashSet<(Guid Owner, string Value)> Holders(Picture picture) =>
        (picture.Holdings ?? [])
            .SelectMany(h => h.Addresses)
            .Where(a => a.State is not AddressState.Revoked)
            .Select(a => (picture.Behind(a.OwnerId), a.Network.ToString()))
            .ToHashSet();

    /// <summary>The one that keeps it first.</summary>
    private static IEnumerable<WantedLine> Ranked(IEnumerable<WantedLine> lines, Func<WantedLine, bool> isHolder) =>
        lines.OrderByDescending(isHolder).ThenByDescending(l => l.IsServed).ThenBy(l => l.CreatedAt).ThenBy(l => l.Id);

    private static Found Pair(Shared shared)
    {
        var (line, other, value, _) = shared;
        var where =
            line.SiteId is not null && other.SiteId is not null ? "at one site"
            : line.SiteId is null && other.SiteId is null ? "and neither names a site, so that they may stand at one"
            : $"and {(line.SiteId is null ? line : other).Number} names no site, so that they may stand at one";
        return Told(
            FindingKind.VlanPairShared,
            shared,
            $"{line.Number} and {other.Number} both have VLAN {value}, {where}.",
            "give it the next free VLAN of its site's pool",
            new FindingFacts
            {
                ServiceVlan = line.ServiceVlan,
                InnerVlan = line.InnerInForce,
                SiteId = line.SiteId,
            }
        );
    }

    private static Found Address(Shared shared)
    {
        var (line, other, value, kind) = shared;
        return Told(
            FindingKind.AddressShared,
            shared,
            kind == AddressKind.DelegatedPrefix && other.DelegatedPrefix != value
                ? $"{line.Number} has {value} on its line and {other.Number} has {other.DelegatedPrefix}: one is a part of the other."
                : $"{line.Number} and {other.Number} both have {value} on their lines.",
            kind == AddressKind.DelegatedPrefix
                ? "give it the next free delegated prefix"
                : "give its link the next free IPv6 address or prefix",
            new FindingFacts { AddressKind = kind, Held = kind == AddressKind.DelegatedPrefix ? other.DelegatedPrefix : value }
        );
    }

    private static Found Told(FindingKind kind, Shared shared, string what, string change, FindingFacts facts)
    {
        var (line, other, value, _) = shared;
        var (form, way) =
            !line.HasProfile
                ? (
                    (FindingForm?)FindingForm.Settings,
                    $"Give {line.Number} another in its settings; it has no network profile that a run could change"
                )
            : line.Status.IsChangeable() ? (FindingForm.ChangeNetwork, $"Change the network of {line.Number}: {change}")
            : (null, $"{line.Number} is {Words.Of(line.Status)}: once it is in service, change its network and {change}");
        return new Found(
            kind,
            line.Id,
            line.Number,
            value,
            what,
            "one line's",
            $"on the lines of {other.Number} and {line.Number}",
            null,
            null,
            facts with
            {
                OtherId = other.Id,
                Wanted = value,
                Advice = $"{way}. {other.Number} keeps what it has.",
                Form = form,
            }
        );
    }
}
