using System.Text;
using System.Text.RegularExpressions;
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
    bool? Enabled = null
)
{
    public const int LeastPassword = 6;
    private const int MostPasswordOctets = 128;
    private const int MostTextOctets = 253;

    [GeneratedRegex(@"^[a-z0-9._\-@:/+%]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UsernamePattern { get; }

    [GeneratedRegex(@"^[A-Za-z0-9._\-/]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberPattern { get; }

    internal SubscriberFields Cleaned() =>
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
            .Text("filter_id", FilterId, 0, MostTextOctets)
            .Check(
                FilterId is null || Encoding.UTF8.GetByteCount(FilterId) <= MostTextOctets,
                "filter_id",
                "too_long",
                "At most 253 octets."
            )
            .Check(Notes is null || Notes.Length <= 4000, "notes", "too_long", "At most 4000 characters.")
            .Check(Notes is null || !Notes.Contains('\0', StringComparison.Ordinal), "notes", "bad_character", "NUL is not allowed.");
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
            LineAddress.Prefix(faults, "delegated_ipv6_prefix", DelegatedIpv6Prefix, 48, 64)
        );
        return faults.Error is { } error ? error : settings;
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

    /// <summary>Writes checked fields to the entity; password and number are set by the caller.</summary>
    internal void ApplyTo(Subscriber subscriber, LineSettings line)
    {
        subscriber.Username = Username!;
        subscriber.FullName = FullName;
        subscriber.Enabled = Enabled!.Value;
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
    }
}

/// <summary>The addresses of a line, read and found good.</summary>
internal sealed record LineSettings(
    System.Net.IPAddress? FramedIpv4Address,
    System.Net.IPAddress? FramedIpv4Netmask,
    System.Net.IPNetwork? FramedIpv6Prefix,
    System.Net.IPAddress? FramedIpv6Address,
    System.Net.IPNetwork? DelegatedIpv6Prefix
);
