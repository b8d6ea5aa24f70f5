using System.Net;
using System.Net.Sockets;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Pools;

/// <summary>What a caller may say about an address pool. What it hands out stays as it was made; ranges can be added.</summary>
/// <param name="Type"><c>ipv4_public</c>, <c>ipv4_private</c>, <c>ipv6_address</c> or <c>ipv6_pd</c>.</param>
/// <param name="Network">The prefix it hands out of; the plan gets this prefix when no other contains it.</param>
/// <param name="First">Where it begins in the network; left out: at the first usable address.</param>
/// <param name="Last">Where it ends, included; left out: at the last usable address.</param>
/// <param name="DelegationLength">Of <c>ipv6_pd</c>: 48–64 (56 when left out). Of <c>ipv6_address</c>: 128 (when left out) or 64.</param>
/// <param name="IsDefault">Serves lines that name no pool, at its site or everywhere.</param>
/// <param name="QuarantineSeconds">How long what was in use rests after it was given back (300 when left out).</param>
/// <param name="WarnPercent">From which utilisation on it is reported as nearly full (90 when left out).</param>
public sealed record PoolFields(
    string? Name = null,
    string? Type = null,
    string? Network = null,
    string? First = null,
    string? Last = null,
    int? DelegationLength = null,
    Guid? VrfId = null,
    Guid? SiteId = null,
    string? Gateway = null,
    IReadOnlyList<string?>? DnsServers = null,
    string? Status = null,
    bool? IsDefault = null,
    int? QuarantineSeconds = null,
    int? WarnPercent = null,
    string? Description = null
)
{
    internal PoolType? Kind => Words.Read<PoolType>(Type);

    internal PoolFields Cleaned() =>
        this with
        {
            Name = Filters.Clean(Name),
            Network = Filters.Clean(Network),
            First = Filters.Clean(First),
            Last = Filters.Clean(Last),
            DelegationLength = Kind switch
            {
                PoolType.Ipv4Public or PoolType.Ipv4Private => 32,
                PoolType.Ipv6Address => DelegationLength ?? 128,
                _ => DelegationLength ?? 56,
            },
            Gateway = Filters.Clean(Gateway),
            DnsServers = [.. (DnsServers ?? []).Select(Filters.Clean).OfType<string>()],
            Status = Filters.Clean(Status) ?? "active",
            IsDefault = IsDefault ?? false,
            QuarantineSeconds = QuarantineSeconds ?? 300,
            WarnPercent = WarnPercent ?? 90,
            Description = Filters.Clean(Description),
        };

    internal Faults Faults(AddressPool? now)
    {
        var faults = new Faults()
            .Text("name", Name, 1, 100)
            .Text("description", Description, 0, 500)
            .Check(Kind is not null, "type", Type is null ? "required" : "unknown", $"One of {Words.All<PoolType>()}.")
            .Check(
                now is null || (now.Kind == Kind && now.Unit == DelegationLength && now.VrfId == VrfId),
                "type",
                "fixed",
                "What a pool hands out stays as it is."
            )
            .Check(
                Kind != PoolType.Ipv6Pd || DelegationLength is >= AddressRules.ShortestDelegated and <= AddressRules.LongestDelegated,
                "delegation_length",
                "out_of_range",
                "From 48 to 64."
            )
            .Check(
                Kind != PoolType.Ipv6Address || DelegationLength is 64 or 128,
                "delegation_length",
                "out_of_range",
                "128, or 64 for WAN links."
            )
            .Check(
                Words.Read<PoolStatus>(Status) is { } status && status != PoolStatus.Depleted,
                "status",
                "unknown",
                "One of active, reserved, maintenance."
            )
            .Check(Gateway is null || Address(Gateway) is not null, "gateway", "bad_format", "An address of the pool's family.")
            .Check(DnsServers!.Count <= 4, "dns_servers", "too_many", "At most 4.")
            .Check(DnsServers.All(d => IPAddress.TryParse(d, out _)), "dns_servers", "bad_format", "Addresses are meant.")
            .Range("quarantine_seconds", QuarantineSeconds, 0, 31_536_000)
            .Range("warn_percent", WarnPercent, 1, 100);
        if (now is null)
        {
            faults.Check(Network is not null, "network", "required", "This must be given.");
            faults.Check(
                Network is null || Networks.Read(Network) is not null,
                "network",
                "bad_format",
                "As 100.64.0.0/16, without bits behind its length."
            );
        }

        return faults;
    }

    internal IPAddress? Address(string? text) =>
        IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetwork) == (Kind is PoolType.Ipv4Public or PoolType.Ipv4Private)
            ? address
            : null;
}
