using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Kernel;

namespace DotMac.Access.Aaa;

/// <summary>
/// What the decisions enforced, per tenant: Option 82, VLAN, IPv6, static addresses. Counted in plain numbers on the way of a packet and
/// read when somebody scrapes, so that an accept costs a few additions and no look-up by labels.
/// </summary>
internal static class EnforcementMetrics
{
    private static readonly ConcurrentDictionary<Guid, TenantEnforcement> Tenants = new();

    private static readonly Histogram<double> Seconds = KernelTelemetry.Meter.CreateHistogram<double>(
        "radius_access_request_validation_duration_seconds",
        "s",
        "Time from an Access-Request to its answer, by tenant and result (accept, reject)"
    );

    static EnforcementMetrics()
    {
        Observe("radius_option82_validations_total", "Checks of Circuit-Id and Remote-Id", t => t.Validations());
        Observe("radius_option82_mismatches_total", "Ids that differed from the subscriber's", t => t.Mismatches());
        Observe("radius_vlan_assignments_total", "Accepts that assigned a VLAN, single or qinq", t => t.Vlans());
        Observe("radius_ipv6_assignments_total", "Accepts that assigned IPv6, by mode", t => t.Ipv6());
        Observe(
            "radius_static_ip_assignments_total",
            "Accepts that assigned an address or prefix of the subscriber's own",
            t => t.Static()
        );
    }

    public static TenantEnforcement Of(Guid tenantId) => Tenants.GetOrAdd(tenantId, static id => new TenantEnforcement(id));

    public static void Took(Guid tenantId, bool accepted, TimeSpan took) =>
        Seconds.Record(took.TotalSeconds, Of(tenantId).Tag, new KeyValuePair<string, object?>("result", accepted ? "accept" : "reject"));

    private static void Observe(string name, string help, Func<TenantEnforcement, IEnumerable<Measurement<long>>> read) =>
        KernelTelemetry.Meter.CreateObservableCounter(name, () => Tenants.Values.SelectMany(read), null, help);
}

/// <summary>One tenant's counts.</summary>
internal sealed class TenantEnforcement(Guid tenantId)
{
    private static readonly Option82Result[] Results = Enum.GetValues<Option82Result>();
    private static readonly string[] Policies = ["enforce", "log", "ignore", "none"];
    private static readonly Ipv6Mode[] Modes = Enum.GetValues<Ipv6Mode>();
    private static readonly string[] ResultWords = Array.ConvertAll(Results, r => Words.Of(r));
    private static readonly string[] ModeWords = Array.ConvertAll(Modes, m => Words.Of(m));
    private const int NoPolicy = 3;

    private readonly long[] validations = new long[Results.Length * Policies.Length * 2];
    private readonly long[] mismatches = new long[Policies.Length * 2];
    private readonly long[] vlans = new long[2];
    private readonly long[] modes = new long[Modes.Length];
    private readonly long[] statics = new long[2];

    public KeyValuePair<string, object?> Tag { get; } = new("tenant_id", tenantId.ToString());

    /// <summary>Counts one decision about a known login.</summary>
    public void Decided(Login login, bool accepted, in Option82Finding line)
    {
        if (line.Result != Option82Result.NotChecked)
        {
            var policy = login.Line is { } configured ? (int)configured.Policy : NoPolicy;
            Interlocked.Increment(ref validations[(((int)line.Result * Policies.Length) + policy) * 2 + (accepted ? 0 : 1)]);
            if (line.Result == Option82Result.Mismatch)
            {
                CountDifferences(policy, line);
            }
        }

        if (accepted)
        {
            CountAssignments(login);
        }
    }

    public IEnumerable<Measurement<long>> Validations()
    {
        for (var i = 0; i < validations.Length; i++)
        {
            if (Volatile.Read(ref validations[i]) is > 0 and var count)
            {
                yield return new(
                    count,
                    Tag,
                    new("result", ResultWords[i / 2 / Policies.Length]),
                    new("policy", Policies[i / 2 % Policies.Length]),
                    new("action", i % 2 == 0 ? "accept" : "reject")
                );
            }
        }
    }

    public IEnumerable<Measurement<long>> Mismatches() =>
        Counted(mismatches, i => [Tag, new("policy", Policies[i / 2]), new("field", i % 2 == 0 ? "circuit_id" : "remote_id")]);

    public IEnumerable<Measurement<long>> Vlans() => Counted(vlans, i => [Tag, new("vlan_type", i == 0 ? "single" : "qinq")]);

    public IEnumerable<Measurement<long>> Ipv6() => Counted(modes, i => [Tag, new("mode", ModeWords[i])]);

    public IEnumerable<Measurement<long>> Static() => Counted(statics, i => [Tag, new("ip_version", i == 0 ? "ipv4" : "ipv6")]);

    private void CountDifferences(int policy, in Option82Finding line)
    {
        if (line.CircuitDiffers)
        {
            Interlocked.Increment(ref mismatches[policy * 2]);
        }

        if (line.RemoteDiffers)
        {
            Interlocked.Increment(ref mismatches[(policy * 2) + 1]);
        }
    }

    private void CountAssignments(Login login)
    {
        if (login.VlanId is not null)
        {
            Interlocked.Increment(ref vlans[login.InnerVlan is null ? 0 : 1]);
        }

        if (login.FramedIpv4Address is not null)
        {
            Interlocked.Increment(ref statics[0]);
        }

        var ipv6 = Ipv6Line.ModeOf(login);
        if (ipv6 != Ipv6Mode.None)
        {
            Interlocked.Increment(ref modes[(int)ipv6]);
            if (Ipv6Line.IsStatic(login))
            {
                Interlocked.Increment(ref statics[1]);
            }
        }
    }

    private static IEnumerable<Measurement<long>> Counted(long[] counts, Func<int, KeyValuePair<string, object?>[]> tags)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            if (Volatile.Read(ref counts[i]) is > 0 and var count)
            {
                yield return new(count, tags(i));
            }
        }
    }
}
