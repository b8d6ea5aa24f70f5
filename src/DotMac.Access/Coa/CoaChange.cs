using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using DotMac.Access.Aaa.Snapshot;

namespace DotMac.Access.Coa;

/// <summary>What a session is changed to. What is null is taken from the session's subscriber when it is sent.</summary>
internal sealed record CoaChange
{
    public static readonly CoaChange Own = new();

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public Rates? Rates { get; init; }
    public short? VlanId { get; init; }
    public short? InnerVlan { get; init; }

    /// <summary>In CIDR form.</summary>
    public string? DelegatedIpv6Prefix { get; init; }
    public string? FramedIpv6Prefix { get; init; }

    /// <summary>The walled garden's, or the one to go back to.</summary>
    public string? FilterId { get; init; }

    /// <summary>A NAS that will not change the session is asked to drop it, so that it signs on with what holds now.</summary>
    public bool? ElseDrop { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Form);

    public static CoaChange Read(string json) => JsonSerializer.Deserialize<CoaChange>(json, Form) ?? Own;

    /// <summary>Completed from the subscriber.</summary>
    public CoaChange For(CoaKind kind, LiveSession session) =>
        kind switch
        {
            CoaKind.Rate => this with { Rates = Rates ?? session.OwnRates() },
            CoaKind.Vlan when VlanId is null => this with { VlanId = session.VlanId, InnerVlan = session.InnerVlan },
            CoaKind.Ipv6Prefix when DelegatedIpv6Prefix is null && FramedIpv6Prefix is null => this with
            {
                DelegatedIpv6Prefix = session.DelegatedIpv6Prefix,
                FramedIpv6Prefix = session.FramedIpv6Prefix,
            },
            CoaKind.Suspend => this with { FilterId = FilterId ?? session.WalledGardenFilterId },
            CoaKind.Resume => this with { FilterId = FilterId ?? session.FilterId },
            _ => this,
        };

    /// <summary>What is missing to say it, or null.</summary>
    public string? Lacks(CoaKind kind) =>
        kind switch
        {
            CoaKind.Rate when Rates is null => "The subscriber has no bandwidth profile, and no rates were given.",
            CoaKind.Vlan when VlanId is null => "The subscriber has no VLAN, and none was given.",
            CoaKind.Ipv6Prefix when DelegatedIpv6Prefix is null && FramedIpv6Prefix is null =>
                "The subscriber has no IPv6 prefix, and none was given.",
            CoaKind.Suspend when FilterId is null =>
                "The subscriber has no walled garden (walled_garden_filter_id), and no filter_id was given.",
            _ => null,
        };

    public static IPNetwork? Prefix(string? text) => text is null ? null : IPNetwork.Parse(text);
}
