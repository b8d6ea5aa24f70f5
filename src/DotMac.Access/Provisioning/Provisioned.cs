using System.Text.Json;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning;

/// <summary>What was provisioned, as it was provisioned: the service's metadata. Later operations read it instead of guessing. No secret.</summary>
internal sealed record Provisioned
{
    public static readonly JsonSerializerOptions Json = SagaJson.Options;

    public Guid? RunId { get; init; }

    public DateTimeOffset? At { get; init; }

    public ProvisionedPlan? Plan { get; init; }

    public LineFacts? Profile { get; init; }

    public HeldAddress? Ipv4 { get; init; }

    public HeldAddress? Ipv6 { get; init; }

    public HeldAddress? DelegatedPrefix { get; init; }

    public HeldVlan? Vlan { get; init; }

    public ProvisionedOnu? Onu { get; init; }

    public string? CpeMacAddress { get; init; }

    public string? CpeDeviceId { get; init; }

    public string? MonitoringId { get; init; }

    /// <summary>A static address was taken as it is: the address plan was told, not asked.</summary>
    public bool StaticIpBypass { get; init; }

    /// <summary>Which of them; null of what was provisioned before this was kept.</summary>
    public IReadOnlyList<AddressKind>? Bypassed { get; init; }

    /// <summary>Step → done, skipped or not_configured; a step that is missing failed.</summary>
    public IReadOnlyDictionary<string, string> Steps { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>With other addresses of these kinds: which of them were taken as given now.</summary>
    public Provisioned WithBypassed(IEnumerable<AddressKind> changed, IEnumerable<AddressKind> now)
    {
        // Of what was provisioned before the kinds were kept: what lies in no pool was told.
        var known =
            Bypassed
            ??
            [
                .. new[] { Ipv4, Ipv6, DelegatedPrefix }
                    .OfType<HeldAddress>()
                    .Where(h => StaticIpBypass && h.Pool is null)
                    .Select(h => h.Kind),
            ];
        var kinds = known.Except(changed).Union(now).ToList();
        return this with { Bypassed = kinds, StaticIpBypass = kinds.Count > 0 };
    }

    public string Write() => JsonSerializer.Serialize(this, Json);

    public static Provisioned Read(string json) => JsonSerializer.Deserialize<Provisioned>(json, Json)!;
}

/// <summary>Rates in kbit/s.</summary>
internal sealed record ProvisionedPlan(Guid Id, string Name, int DownKbps, int UpKbps);

internal sealed record ProvisionedOnu(string Serial, string? Id, string? OltName, string? PonPort, bool IsSimulated)
{
    public static ProvisionedOnu Of(OnuState onu) => new(onu.Serial, onu.Id, onu.OltName, onu.PonPort, onu.IsSimulated);
}
