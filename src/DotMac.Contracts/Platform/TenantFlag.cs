using DotMac.Contracts.Access;

namespace DotMac.Contracts.Platform;

/// <summary>What a tenant can switch. Each is on until somebody switches it off.</summary>
public enum TenantFlag
{
    /// <summary>RADIUS answers with the line's network profile: VLANs, addresses, IPv6, Option 82. Off: rates and limits alone.</summary>
    NetworkProfileConsumption,

    /// <summary>A static address is taken as it is: the address plan is told, not asked. Off: the plan must agree to it.</summary>
    StaticIpBypass,

    /// <summary>The customer VLAN inside the service VLAN is provisioned and sent. Off: the service VLAN alone.</summary>
    QinqProvisioning,

    /// <summary>Policy enforce rejects. Off: it is treated as log.</summary>
    Option82Enforcement,

    /// <summary>Delegated prefixes are allocated and sent. Off: neither.</summary>
    Ipv6Pd,

    /// <summary>A change of VLAN is told to the NAS of live sessions. Off: it holds from the next sign-on.</summary>
    VlanCoaUpdates,
}

/// <summary>All flags of one tenant, and the Option 82 policy of lines that name none.</summary>
/// <param name="Off">The flags that are switched off.</param>
public sealed record TenantFlags(IReadOnlySet<TenantFlag> Off, Option82Policy Option82DefaultPolicy)
{
    /// <summary>A new installation: all on, policy log.</summary>
    public static TenantFlags Default { get; } = new(new HashSet<TenantFlag>(), Option82Policy.Log);

    public const string Option82DefaultPolicyName = "OPTION82_DEFAULT_POLICY";

    public bool IsOn(TenantFlag flag) => !Off.Contains(flag);

    public bool IsSameAs(TenantFlags other) => Option82DefaultPolicy == other.Option82DefaultPolicy && Off.SetEquals(other.Off);

    /// <summary>What <see cref="Of"/> reads back to the same.</summary>
    public Dictionary<string, string> ToRows()
    {
        var rows = Off.ToDictionary(NameOf, _ => "off", StringComparer.Ordinal);
        rows[Option82DefaultPolicyName] = Option82DefaultPolicy.ToString();
        return rows;
    }

    /// <summary>The stable name of a flag, as API and database spell it.</summary>
    public static string NameOf(TenantFlag flag) =>
        flag switch
        {
            TenantFlag.NetworkProfileConsumption => "ENABLE_NETWORK_PROFILE_CONSUMPTION",
            TenantFlag.StaticIpBypass => "ENABLE_STATIC_IP_BYPASS",
            TenantFlag.QinqProvisioning => "ENABLE_QINQ_PROVISIONING",
            TenantFlag.Option82Enforcement => "ENABLE_OPTION82_ENFORCEMENT",
            TenantFlag.Ipv6Pd => "ENABLE_IPV6_PD",
            TenantFlag.VlanCoaUpdates => "ENABLE_VLAN_COA_UPDATES",
            _ => throw new ArgumentOutOfRangeException(nameof(flag)),
        };

    /// <summary>From the rows that are stored; what is not stored, or not understood, is as in a new installation.</summary>
    /// <param name="rows">Name and value: on or off; enforce, log or ignore.</param>
    public static TenantFlags Of(IEnumerable<KeyValuePair<string, string>> rows)
    {
        var off = new HashSet<TenantFlag>();
        var policy = Option82Policy.Log;
        foreach (var (name, value) in rows)
        {
            if (name == Option82DefaultPolicyName)
            {
                policy = Enum.TryParse<Option82Policy>(value, ignoreCase: true, out var read) ? read : policy;
                continue;
            }

            foreach (var flag in Enum.GetValues<TenantFlag>())
            {
                if (NameOf(flag) == name && value == "off")
                {
                    off.Add(flag);
                }
            }
        }

        return new TenantFlags(off, policy);
    }
}

/// <summary>Reads the flags of the unit of work's tenant, inside its transaction.</summary>
public interface ITenantFlags
{
    Task<TenantFlags> ReadAsync(CancellationToken ct);
}
