using System.Text;
using System.Text.RegularExpressions;
using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.Subscribers;

/// <summary>What a caller may say about a subscriber. Timeouts and intervals in seconds.</summary>
/// <param name="Username">1 to 253 characters: letters, digits and . _ - @ : / + %; kept in lower case.</param>
/// <param name="Password">6 to 128 octets as UTF-8 (RFC 2865 §5.2).</param>
/// <param name="SubscriberNumber">Given by the platform (S-000001, …) when absent.</param>
/// <param name="DelegatedIpv6Prefix">Length 48 to 64.</param>
/// <param name="VlanId">Service VLAN, 1 to 4094.</param>
/// <param name="InnerVlan">Customer VLAN of Q-in-Q; needs vlan_id.</param>
/// <param name="SimultaneousUse">Sessions allowed at once, 1 unless told; 0 is any number.</param>
/// <param name="CircuitId">Where the line is (Option 82): printable text, or octets as 0x….</param>
/// <param name="RemoteId">Who stands at its end (Option 82): printable text, or octets as 0x….</param>
/// <param name="Option82Policy">enforce, log or ignore (absent: the tenant's default, log at first): what happens when the line signs on from elsewhere.</param>
/// <param name="Ipv6Mode">none, slaac, stateful, pd or dual_stack; absent it follows from the line's prefixes, addresses and pools.</param>
/// <param name="FramedIpv4Pool">Pool on the NAS, for a line without framed_ipv4_address; so for the other pools.</param>
/// <param name="FramedRoutes">At most 16, as Framed-Route spells them (RFC 2865 §5.22): "203.0.113.0/29 100.64.0.10 1".</param>
/// <param name="MacAddress">May sign on by itself; kept as aa:bb:cc:dd:ee:ff.</param>
/// <param name="Suspended">Rejected, or let into the walled garden when there is one: gives or ends the reason "administrative".</param>
/// <param name="ServiceLatitude">Degrees, WGS 84; so the longitude: both or neither.</param>
/// <param name="WalledGardenFilterId">Filter-Id that a suspended line signs on with, in place of its own.</param>
public sealed partial record SubscriberFields(
    string? Username = null,
    string? Password = null,
    string? FullName = null,
    string? SubscriberNumber = null,
    Guid? BandwidthProfileId = null,
    string? FramedIpv4Address = null,
    string? FramedIpv4Netmask = null,
    string? FramedIpv6Prefix = null,
    string? FramedIpv6Address = null,
    string? DelegatedIpv6Prefix = null,
    int? VlanId = null,
    int? InnerVlan = null,
    int? SessionTimeout = null,
    int? IdleTimeout = null,
    int? SimultaneousUse = null,
    int? AcctInterimInterval = null,
    string? FilterId = null,
    string? Notes = null,
    bool? Enabled = null,
    string? CircuitId = null,
    string? RemoteId = null,
    string? Option82Policy = null,
    string? Ipv6Mode = null,
    string? FramedIpv4Pool = null,
    string? FramedIpv6Pool = null,
    string? DelegatedIpv6Pool = null,
    IReadOnlyList<string?>? FramedRoutes = null,
    string? MacAddress = null,
    bool? Suspended = null,
    string? SuspensionReason = null,
    string? WalledGardenFilterId = null,
    string? ServiceAddress = null,
    double? ServiceLatitude = null,
    double? ServiceLongitude = null
)
{
    public const int LeastPassword = 6;
    private const int MostPasswordOctets = 128;
    private const int MostTextOctets = 253;

    [GeneratedRegex(@"^[a-z0-9._\-@:/+%]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UsernamePattern { get; }

    [GeneratedRegex(@"^[A-Za-z0-9._\-/]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberPattern { get; }

    /// <param name="defaultPolicy">The tenant's policy for lines that name none.</param>
    internal SubscriberFields Cleaned(Option82Policy defaultPolicy = Contracts.Access.Option82Policy.Log) =>
        this with
        {
            Username = Input.Clean(Username)?.ToLowerInvariant(),
            FullName = Input.Clean(FullName),
            SubscriberNumber = Input.Clean(SubscriberNumber),
            FramedIpv4Address = Input.Clean(FramedIpv4Address),
            FramedIpv4Netmask = Input.Clean(FramedIpv4Netmask),
            FramedIpv6Prefix = Input.Clean(FramedIpv6Prefix),
            FramedIpv6Address = Input.Clean(FramedIpv6Address),
            DelegatedIpv6Prefix = Input.Clean(DelegatedIpv6Prefix),
            SimultaneousUse = SimultaneousUse ?? 1,
            FilterId = Input.Clean(FilterId),
            Notes = Input.Clean(Notes),
            Enabled = Enabled ?? true,
            CircuitId = Input.Clean(CircuitId),
            RemoteId = Input.Clean(RemoteId),
            Option82Policy = Input.Clean(Option82Policy) ?? Words.Of(defaultPolicy),
            Ipv6Mode = Input.Clean(Ipv6Mode),
            FramedIpv4Pool = Input.Clean(FramedIpv4Pool),
            FramedIpv6Pool = Input.Clean(FramedIpv6Pool),
            DelegatedIpv6Pool = Input.Clean(DelegatedIpv6Pool),
            MacAddress = Input.Clean(MacAddress),
            Suspended = Suspended ?? false,
            SuspensionReason = Input.Clean(SuspensionReason),
            WalledGardenFilterId = Input.Clean(WalledGardenFilterId),
            ServiceAddress = Input.Clean(ServiceAddress),
        };

    /// <summary>All faults at once, or the settings read from the texts.</summary>
    /// <param name="passwordNeeded">A new subscriber needs a password; a changed one keeps its own when none is given.</param>
    internal Result<LineSettings> Read(bool passwordNeeded)
    {
        var faults = new Faults()
            .Text("username", Username, 1, MostTextOctets)
            .Matches("username", Username, UsernamePattern, "Letters, digits and . _ - @ : / + % only, no spaces.")
            .Text("full_name", FullName, 0, 200)
            .Text("subscriber_number", SubscriberNumber, 0, 64)
            .Matches("subscriber_number", SubscriberNumber, NumberPattern, "Letters, digits and . _ - / only.")
            .Range("vlan_id", VlanId, 1, 4094)
            .Range("inner_vlan", InnerVlan, 1, 4094)
            .Check(InnerVlan is null || VlanId is not null, "inner_vlan", "without_vlan", "An inner VLAN needs vlan_id, the outer one.")
            .Range("session_timeout", SessionTimeout, 1, int.MaxValue)
            .Range("idle_timeout", IdleTimeout, 1, int.MaxValue)
            .Range("acct_interim_interval", AcctInterimInterval, 60, 86_400)
            .Range("simultaneous_use", SimultaneousUse, 0, 1000)
            .Text("suspension_reason", SuspensionReason, 0, 500)
            .Check(
                SuspensionReason is null || Suspended == true,
                "suspension_reason",
                "without_suspension",
                "A reason needs suspended to be true."
            )
            .Check(Notes is null || Notes.Length <= 4000, "notes", "too_long", "At most 4000 characters.")
            .Check(Notes is null || !Notes.Contains('\0', StringComparison.Ordinal), "notes", "bad_character", "NUL is not allowed.");
        ServicePlace.Check(faults, ServiceAddress, ServiceLatitude, ServiceLongitude);
        CheckAttributeText(faults, "filter_id", FilterId);
        CheckAttributeText(faults, "walled_garden_filter_id", WalledGardenFilterId);
        CheckAttributeText(faults, "framed_ipv4_pool", FramedIpv4Pool);
        CheckAttributeText(faults, "framed_ipv6_pool", FramedIpv6Pool);
        CheckAttributeText(faults, "delegated_ipv6_pool", DelegatedIpv6Pool);
        if (Password is not null || passwordNeeded)
        {
            CheckPassword(faults);
        }

        var mask = LineAddress.Netmask(faults, "framed_ipv4_netmask", FramedIpv4Netmask);
        faults.Check(
            FramedIpv4Netmask is null || FramedIpv4Address is not null,
            "framed_ipv4_netmask",
            "without_address",
            "A netmask needs framed_ipv4_address."
        );
        var settings = new LineSettings(
            LineAddress.HostIpv4(faults, "framed_ipv4_address", FramedIpv4Address, mask),
            mask,
            LineAddress.Prefix(faults, "framed_ipv6_prefix", FramedIpv6Prefix, 16, 128),
            LineAddress.HostIpv6(faults, "framed_ipv6_address", FramedIpv6Address),
            LineAddress.Prefix(faults, "delegated_ipv6_prefix", DelegatedIpv6Prefix, 48, 64),
            Id(faults, "circuit_id", CircuitId, remote: false),
            Id(faults, "remote_id", RemoteId, remote: true),
            Word<Option82Policy>(faults, "option82_policy", Option82Policy) ?? Contracts.Access.Option82Policy.Log,
            Word<Ipv6Mode>(faults, "ipv6_mode", Ipv6Mode),
            FramedRoute.Read(faults, FramedRoutes),
            Mac(faults, MacAddress)
        );
        return faults.Error is { } error ? error : settings;
    }

    /// <summary>The line with what is said of it here that no other line may have as well.</summary>
    internal LineFacts On(LineFacts line, LineSettings read) =>
        line with
        {
            ServiceVlan = VlanId,
            InnerVlan = InnerVlan,
            StaticIpv4 = read.FramedIpv4Address,
            StaticIpv6 = read.FramedIpv6Address,
            Ipv6Prefix = read.FramedIpv6Prefix,
            DelegatedIpv6Prefix = read.DelegatedIpv6Prefix,
        };

    /// <summary>What a field of a network profile is called here.</summary>
    internal static string NameOf(string ofProfile) =>
        ofProfile switch
        {
            "static_ipv4" => "framed_ipv4_address",
            "static_ipv6" => "framed_ipv6_address",
            "ipv6_prefix" => "framed_ipv6_prefix",
            "service_vlan" => "vlan_id",
            _ => ofProfile,
        };

    internal static void CheckAttributeText(Faults faults, string field, string? text) =>
        faults
            .Text(field, text, 0, MostTextOctets)
            .Check(
                text is null || text.Length > MostTextOctets || Encoding.UTF8.GetByteCount(text) <= MostTextOctets,
                field,
                "too_long",
                $"At most {MostTextOctets} octets: RADIUS carries no more."
            );

    internal static string? Id(Faults faults, string field, string? text, bool remote)
    {
        var id = text is null ? null : LineId.OfTyped(text, remote);
        faults.Check(text is null || id is { Length: > 0 }, field, "bad_format", "Printable ASCII, or octets as 0x…; at most 253 octets.");
        return id;
    }

    internal static T? Word<T>(Faults faults, string field, string? word)
        where T : struct, Enum
    {
        var value = Words.Read<T>(word);
        faults.Check(word is null || value is not null, field, "unknown", $"One of {Words.All<T>()}.");
        return value;
    }

    private static string? Mac(Faults faults, string? text)
    {
        var mac = text is null ? null : Access.MacAddress.Of(text);
        faults.Check(text is null || mac is not null, "mac_address", "bad_format", "Give a MAC address such as 02:00:5e:10:00:01.");
        return mac;
    }

    private void CheckPassword(Faults faults)
    {
        if (string.IsNullOrEmpty(Password))
        {
            faults.Add("password", "required", "This must be given.");
            return;
        }

        faults
            .Check(Password.Length >= LeastPassword, "password", "too_short", $"At least {LeastPassword} characters.")
            .Check(
                Encoding.UTF8.GetByteCount(Password) <= MostPasswordOctets,
                "password",
                "too_long",
                $"At most {MostPasswordOctets} octets as UTF-8: RADIUS carries no more."
            )
            .Check(!Password.Any(char.IsControl), "password", "bad_character", "Control characters are not allowed.");
    }

    /// <summary>Writes checked fields to the entity; password and number are set by the caller, the suspension by the keeper of its reasons.</summary>
    internal Error? ApplyTo(Subscriber subscriber, LineSettings line, DateTimeOffset now)
    {
        if (subscriber.Standing.Asked(Enabled!.Value, Suspended!.Value) is null)
        {
            return SubscriberErrors.NotInService(subscriber.Status);
        }

        subscriber.SetEnabled(Enabled.Value, now);

        subscriber.Username = Username!;
        subscriber.FullName = FullName;
        subscriber.BandwidthProfileId = BandwidthProfileId;
        subscriber.FramedIpv4Address = line.FramedIpv4Address;
        subscriber.FramedIpv4Netmask = line.FramedIpv4Netmask;
        subscriber.FramedIpv6Prefix = line.FramedIpv6Prefix;
        subscriber.FramedIpv6Address = line.FramedIpv6Address;
        subscriber.DelegatedIpv6Prefix = line.DelegatedIpv6Prefix;
        subscriber.VlanId = (short?)VlanId;
        subscriber.InnerVlan = (short?)InnerVlan;
        subscriber.SessionTimeout = SessionTimeout;
        subscriber.IdleTimeout = IdleTimeout;
        subscriber.AcctInterimInterval = AcctInterimInterval;
        subscriber.SimultaneousUse = SimultaneousUse!.Value;
        subscriber.FilterId = FilterId;
        subscriber.Notes = Notes;
        subscriber.CircuitId = line.CircuitId;
        subscriber.RemoteId = line.RemoteId;
        subscriber.Option82Policy = line.Option82Policy;
        subscriber.Ipv6Mode = line.Ipv6Mode;
        subscriber.FramedIpv4Pool = FramedIpv4Pool;
        subscriber.FramedIpv6Pool = FramedIpv6Pool;
        subscriber.DelegatedIpv6Pool = DelegatedIpv6Pool;
        // The same routes in a new array would count as a change.
        subscriber.FramedRoutes = subscriber.FramedRoutes.SequenceEqual(line.FramedRoutes) ? subscriber.FramedRoutes : line.FramedRoutes;
        subscriber.MacAddress = line.MacAddress;
        subscriber.WalledGardenFilterId = WalledGardenFilterId;
        subscriber.ServiceAddress = ServiceAddress;
        subscriber.ServiceLatitude = ServiceLatitude;
        subscriber.ServiceLongitude = ServiceLongitude;
        return null;
    }
}

/// <summary>What a line is and gets, read and found good.</summary>
internal sealed record LineSettings(
    System.Net.IPAddress? FramedIpv4Address,
    System.Net.IPAddress? FramedIpv4Netmask,
    System.Net.IPNetwork? FramedIpv6Prefix,
    System.Net.IPAddress? FramedIpv6Address,
    System.Net.IPNetwork? DelegatedIpv6Prefix,
    string? CircuitId,
    string? RemoteId,
    Option82Policy Option82Policy,
    Ipv6Mode? Ipv6Mode,
    string[] FramedRoutes,
    string? MacAddress
);
