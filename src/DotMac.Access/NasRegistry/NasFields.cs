using System.Globalization;
using System.Text;
using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.NasRegistry;

/// <summary>What a caller may say about a NAS.</summary>
/// <param name="Nasname">IP address, or network in CIDR form, that its packets come from.</param>
/// <param name="Vendor">mikrotik, cisco, huawei, juniper, nokia, zte, ubiquiti, cambium or generic.</param>
/// <param name="Secret">The shared secret, 8 to 128 characters.</param>
/// <param name="CoaPort">UDP port of its RFC 5176 listener; 3799 unless told.</param>
/// <param name="NasIdentifier">Needed when several NAS share one source address.</param>
/// <param name="NasGroup">Profiles may be allowed on the NAS of named groups alone; letters, digits and . _ - only.</param>
/// <param name="MessageAuthenticatorPolicy">require, auto or ignore.</param>
/// <param name="RadsecName">DNS name (else common name) of its client certificate, for RADIUS over TLS; without it the address tells who it is.</param>
public sealed record NasFields(
    string? Nasname = null,
    string? Shortname = null,
    string? Type = null,
    string? Vendor = null,
    string? Secret = null,
    int? CoaPort = null,
    string? NasIdentifier = null,
    string? MessageAuthenticatorPolicy = null,
    string? Description = null,
    bool? Enabled = null,
    string? RadsecName = null,
    string? NasGroup = null
)
{
    public const int LeastSecret = 8;
    private const int DefaultCoaPort = 3799;
    private const int MostTextOctets = 253;

    internal NasFields Cleaned() =>
        this with
        {
            Nasname = Input.Clean(Nasname),
            Shortname = Input.Clean(Shortname),
            Type = Input.Clean(Type) ?? "other",
            Vendor = Input.Clean(Vendor) ?? Word(NasVendor.Generic),
            CoaPort = CoaPort ?? DefaultCoaPort,
            NasIdentifier = Input.Clean(NasIdentifier),
            MessageAuthenticatorPolicy = Input.Clean(MessageAuthenticatorPolicy) ?? Word(Contracts.Access.MessageAuthenticatorPolicy.Auto),
            NasGroup = Input.Clean(NasGroup)?.ToLowerInvariant(),
            Description = Input.Clean(Description),
            Enabled = Enabled ?? true,
            RadsecName = Input.Clean(RadsecName),
        };

    /// <param name="secretNeeded">A new NAS needs a secret; a changed one keeps its own when none is given.</param>
    internal Error? Refusal(bool secretNeeded)
    {
        var faults = new Faults()
            .Text("shortname", Shortname, 1, 64)
            .Text("type", Type, 1, 30)
            .Text("nas_identifier", NasIdentifier, 0, MostTextOctets)
            .Text("nas_group", NasGroup, 0, 64)
            .Check(NasGroup is null || NasGroups.IsName(NasGroup), "nas_group", "bad_format", NasGroups.Rule)
            .Text("description", Description, 0, 500)
            .Text("radsec_name", RadsecName, 0, MostTextOctets)
            .Range("coa_port", CoaPort, 1, 65535);
        if (Nasname is null)
        {
            faults.Add("nasname", "required", "Give the IP address or network that its packets come from.");
        }
        else if (SourceAddress.Parse(Nasname, out var reason) is null)
        {
            faults.Add("nasname", "bad_address", reason!);
        }

        faults.Check(IsWord<NasVendor>(Vendor), "vendor", "unknown", $"One of {Words<NasVendor>()}.");
        faults.Check(
            IsWord<MessageAuthenticatorPolicy>(MessageAuthenticatorPolicy),
            "message_authenticator_policy",
            "unknown",
            $"One of {Words<MessageAuthenticatorPolicy>()}."
        );
        if (Secret is not null || secretNeeded)
        {
            CheckSecret(faults);
        }

        return faults.Error;
    }

    private void CheckSecret(Faults faults)
    {
        if (string.IsNullOrEmpty(Secret))
        {
            faults.Add("secret", "required", "This must be given: it is the shared secret that the NAS is set to.");
            return;
        }

        faults
            .Check(
                Secret.Length >= LeastSecret,
                "secret",
                "too_short",
                $"At least {LeastSecret} characters: whoever captures one packet can try all shorter secrets within hours. 22 random ones are good."
            )
            .Check(Encoding.UTF8.GetByteCount(Secret) <= 128, "secret", "too_long", "At most 128 octets.")
            .Check(!Secret.Any(char.IsControl), "secret", "bad_character", "Control characters are not allowed.")
            .Check(
                Secret.Length == 0 || (!char.IsWhiteSpace(Secret[0]) && !char.IsWhiteSpace(Secret[^1])),
                "secret",
                "bad_character",
                "It must not begin or end with a space: most NAS cut it off."
            );
    }

    /// <summary>Writes checked fields to the entity; the secret is sealed by the caller.</summary>
    internal void ApplyTo(Nas nas)
    {
        nas.NasName = SourceAddress.Parse(Nasname!, out _)!.Value;
        nas.ShortName = Shortname!;
        nas.Type = Type!;
        nas.Vendor = Read<NasVendor>(Vendor!);
        nas.CoaPort = CoaPort!.Value;
        nas.NasIdentifier = NasIdentifier;
        nas.MessageAuthenticatorPolicy = Read<MessageAuthenticatorPolicy>(MessageAuthenticatorPolicy!);
        nas.NasGroup = NasGroup;
        nas.Description = Description;
        nas.Enabled = Enabled!.Value;
        nas.RadsecName = RadsecName;
    }

    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    internal static bool IsWord<T>(string? word)
        where T : struct, Enum => word is not null && Enum.GetNames<T>().Contains(word, StringComparer.OrdinalIgnoreCase);

    internal static T Read<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word, ignoreCase: true);

    private static string Words<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLower(CultureInfo.InvariantCulture)));
}
