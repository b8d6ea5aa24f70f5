using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// Circuit-Id and Remote-Id as an access node put them into the request (RFC 3046 Option 82, RFC 4679), octets without any wrapping.
/// Empty where the request has none. Holds spans of the packet: lives no longer than it.
/// </summary>
internal readonly ref struct LineIds(ReadOnlySpan<byte> circuit, ReadOnlySpan<byte> remote)
{
    private const uint AdslForum = 3561; // RFC 4679: Agent-Circuit-Id 1, Agent-Remote-Id 2
    private const uint Cisco = 9; // Cisco-AVPair 1
    private const uint Erx = 4874; // Juniper, dictionary.erx: Acc-Loop-Cir-Id 110, Acc-Loop-Remote-Id 182, Dhcp-Option-82 159, Dhcp-Options 55
    private const uint AlcatelSr = 6527; // Nokia SR OS, dictionary.alcatel.sr: ToServer-Dhcp-Options 102
    private const uint Redback = 2352; // Ericsson, dictionary.ericsson.ab: Agent-Remote-Id 96, Agent-Circuit-Id 97
    private const byte RelayAgentOption = 82;

    public ReadOnlySpan<byte> Circuit { get; } = circuit;

    public ReadOnlySpan<byte> Remote { get; } = remote;

    public bool AreMissing => Circuit.IsEmpty && Remote.IsEmpty;

    /// <summary>Each id from the first of these that has it: ADSL-Forum, Cisco-AVPair, ERX, Alcatel, Redback. Allocates nothing.</summary>
    public static LineIds Of(PacketView packet) => new(Find(packet, remote: false), Find(packet, remote: true));

    /// <summary>Ids that came as text: octets as 0x…, anything else as UTF-8; with or without a sub-option around them. Null or empty is none.</summary>
    public static LineIds Of(string? circuit, string? remote) =>
        new(LineId.Unwrapped(LineId.Octets(circuit ?? ""), remote: false), LineId.Unwrapped(LineId.Octets(remote ?? ""), remote: true));

    private static ReadOnlySpan<byte> Find(PacketView packet, bool remote)
    {
        var best = int.MaxValue;
        ReadOnlySpan<byte> found = default;
        foreach (var attribute in packet.VendorAttributes)
        {
            var rank = int.MaxValue;
            ReadOnlySpan<byte> value = default;
            switch (attribute.Vendor)
            {
                case AdslForum when attribute.Type == (remote ? 2 : 1):
                    rank = 0;
                    value = attribute.Value;
                    break;
                case Cisco when attribute.Type == 1:
                    rank = 1;
                    value = AfterTag(attribute.Value, remote ? "remote-id-tag="u8 : "circuit-id-tag="u8);
                    break;
                case Erx when attribute.Type == (remote ? 182 : 110):
                    rank = 2;
                    value = attribute.Value;
                    break;
                case Erx when attribute.Type == 159:
                    rank = 3;
                    value = OnlyWrapped(attribute.Value);
                    break;
                case Erx when attribute.Type == 55:
                    rank = 4;
                    value = OnlyWrapped(OptionOf(attribute.Value));
                    break;
                case AlcatelSr when attribute.Type == 102:
                    rank = 5;
                    value = OnlyWrapped(OptionOf(attribute.Value));
                    break;
                case Redback when attribute.Type == (remote ? 96 : 97):
                    rank = 6;
                    value = attribute.Value;
                    break;
            }

            if (rank < best && LineId.Unwrapped(value, remote) is { IsEmpty: false } id)
            {
                best = rank;
                found = id;
            }
        }

        return found;
    }

    private static ReadOnlySpan<byte> AfterTag(ReadOnlySpan<byte> pair, ReadOnlySpan<byte> tag) =>
        pair.StartsWith(tag) ? pair[tag.Length..] : default;

    /// <summary>An attribute that carries Option 82 as a whole says nothing when it is not a list of sub-options.</summary>
    private static ReadOnlySpan<byte> OnlyWrapped(ReadOnlySpan<byte> value) => LineId.IsWrapped(value) ? value : default;

    /// <summary>Option 82's content out of a list of DHCP options (RFC 2132: code, length, value; 0 is padding, 255 the end).</summary>
    private static ReadOnlySpan<byte> OptionOf(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != 255)
        {
            if (options[0] == 0)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] > options.Length - 2)
            {
                return default;
            }

            if (options[0] == RelayAgentOption)
            {
                return options.Slice(2, options[1]);
            }

            options = options[(2 + options[1])..];
        }

        return default;
    }
}
