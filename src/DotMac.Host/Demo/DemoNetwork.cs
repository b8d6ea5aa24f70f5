using System.Globalization;
using System.Net;
using DotMac.Access.NasRegistry;
using DotMac.Access.Profiles;
using DotMac.Access.Subscribers;

namespace DotMac.Host.Demo;

/// <summary>The demo ISP as it is written down: the same plans, NAS and subscribers each time, so that the simulated NAS knows their logins.</summary>
internal static class DemoNetwork
{
    public const string Slug = "demo";
    public const string Name = "Demo ISP";
    public const int SubscriberCount = 200;
    public const int Fibre = 2;
    public const int OldTower = 3;
    private const string Marked = "Simulated by the demo: not a real device.";

    public static readonly IReadOnlyList<ProfileFields> Profiles =
    [
        new("Home 20", 20_000, 5_000, "Fixed wireless, entry", 30_000, 8_000, 75, 12, 8),
        new("Home 50", 50_000, 10_000, "Fixed wireless, family"),
        new("Fibre 100", 100_000, 50_000, "FTTH"),
        new("Fibre 500", 500_000, 250_000, "FTTH"),
        new("Business 200", 200_000, 200_000, "Symmetric, static address"),
    ];

    public static readonly IReadOnlyList<DemoNas> Nas =
    [
        new(0, "bras-north", "mikrotik", IPAddress.Parse("127.0.10.1"), "demo-secret-north"),
        new(1, "bras-south", "mikrotik", IPAddress.Parse("127.0.10.2"), "demo-secret-south"),
        new(Fibre, "fibre-core", "huawei", IPAddress.Parse("127.0.10.3"), "demo-secret-fibre"),
        // Old firmware, which does not sign: what the safety page is for.
        new(OldTower, "old-tower", "cambium", IPAddress.Parse("127.0.10.4"), "demo-secret-tower", Signs: false),
    ];

    /// <summary>Whose monthly volume is nearly used up when the demo is new: used so many percent, and what happens then.</summary>
    public static readonly IReadOnlyList<(int Login, int UsedPercent, string Action)> Quotas =
    [
        (1, 97, "throttle"),
        (3, 92, "throttle"),
        (4, 84, "notify"),
    ];

    public static readonly IReadOnlyList<DemoLogin> Logins = [.. Enumerable.Range(1, SubscriberCount).Select(DemoLogin.Number)];

    public static NasFields Fields(DemoNas nas, int coaPort) =>
        new(nas.Address.ToString(), nas.Shortname, "other", nas.Vendor, nas.Secret, coaPort, Description: Marked);
}

/// <summary>One of the demo's NAS; it sends from a loopback address of its own.</summary>
internal sealed record DemoNas(int Index, string Shortname, string Vendor, IPAddress Address, string Secret, bool Signs = true);

/// <summary>One of the demo's subscribers.</summary>
internal sealed record DemoLogin(int Index, string Username, string Password, string FullName, int Profile, int Nas)
{
    private static readonly string[] FirstNames =
    [
        "Amina",
        "Bola",
        "Chidi",
        "Dora",
        "Emeka",
        "Farida",
        "Grace",
        "Hassan",
        "Ifeoma",
        "Jonas",
        "Kemi",
        "Lars",
        "Mariam",
        "Nkechi",
        "Omar",
        "Petra",
        "Rosa",
        "Samuel",
        "Tunde",
        "Uche",
    ];

    private static readonly string[] LastNames =
    [
        "Adeyemi",
        "Bello",
        "Costa",
        "Danjuma",
        "Eze",
        "Fischer",
        "Garba",
        "Haddad",
        "Ibrahim",
        "Jansen",
    ];

    public static DemoLogin Number(int index)
    {
        var (first, last) = (FirstNames[index % FirstNames.Length], LastNames[index / FirstNames.Length % LastNames.Length]);
        var nas =
            index % 20 == 7 ? DemoNetwork.OldTower
            : index % 5 < 2 ? DemoNetwork.Fibre
            : index % 2;
        var profile = nas == DemoNetwork.Fibre ? 2 + (index % 3) : index % 2;
        return new DemoLogin(
            index,
            string.Create(CultureInfo.InvariantCulture, $"{first}.{last}{index:000}@demo").ToLowerInvariant(),
            string.Create(CultureInfo.InvariantCulture, $"demo-{index * 7919 % 100_000:00000}"),
            $"{first} {last}",
            profile,
            nas
        );
    }

    /// <summary>The address of the session: business lines have it on their record, the others get it from the NAS's own pool.</summary>
    public IPAddress SessionAddress => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"100.64.{Nas}.{Index}"));

    /// <summary>The port of the access node that the fibre ends on (Option 82); null where there is none.</summary>
    public string? CircuitId => Nas == DemoNetwork.Fibre ? string.Create(CultureInfo.InvariantCulture, $"fibre-core 0/1/{Index}") : null;

    /// <summary>A login from another port is refused; of the other fibre lines it is only noted.</summary>
    public bool IsHeldToItsPort => CircuitId is not null && Index % 3 == 0;

    /// <summary>Plugged into the neighbour's port, which is noted.</summary>
    public bool IsMisplugged => CircuitId is not null && !IsHeldToItsPort && Index % 25 == 1;

    private bool IsBusiness => Profile == 4;

    public SubscriberFields Fields(Guid profileId) =>
        new(
            Username,
            Password,
            FullName,
            BandwidthProfileId: profileId,
            FramedIpv4Address: IsBusiness ? SessionAddress.ToString() : null,
            DelegatedIpv6Prefix: Nas == DemoNetwork.Fibre
                ? string.Create(CultureInfo.InvariantCulture, $"2001:db8:{Index:x}00::/56")
                : null,
            VlanId: Nas == DemoNetwork.Fibre ? 100 + (Index % 8) : null,
            Enabled: Index % 40 != 0,
            CircuitId: CircuitId,
            Option82Policy: CircuitId is null ? null
                : IsHeldToItsPort ? "enforce"
                : "log"
        );
}
