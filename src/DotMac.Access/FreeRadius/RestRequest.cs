using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// Reads the request that rlm_rest sends (<c>body = 'json'</c>) and makes of it the packet that FreeRADIUS had before it: attributes by
/// name, each <c>{"type":…,"value":[…]}</c>. From there on everything is as with a packet of our own listeners.
/// </summary>
/// <remarks>
/// <b>Source:</b> what FreeRADIUS 3.2.1 was seen to send. Enumerated numbers come by name, octets as 0x hex, dates as English text in UTC,
/// text with each UTF-8 octet as a character of its own, unknown vendors as <c>Attr-26.vendor.type</c>, tags not at all. Attributes that are
/// FreeRADIUS's own (numbers above 255), and what cannot be read, are left out: nothing here fails.
/// </remarks>
internal static class RestRequest
{
    /// <summary>What the packet is built with; it never leaves the process.</summary>
    public static ReadOnlySpan<byte> Secret => "rlm_rest"u8;

    private const int LongestValue = 4096;

    private static ReadOnlySpan<byte> Authenticator => new byte[PacketView.AuthenticatorLength];

    /// <summary>The packet's octets.</summary>
    public static byte[] ToPacket(JsonElement body, PacketCode code)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, code, 0);
        if (body.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in body.EnumerateObject())
            {
                Write(ref writer, property);
            }
        }

        var length =
            code == PacketCode.AccessRequest ? writer.FinishAccessRequest(Secret, Authenticator) : writer.FinishAccountingLike(Secret);
        return buffer[..length];
    }

    /// <summary>The first value of an attribute as text: for FreeRADIUS's own attributes, which no packet carries.</summary>
    public static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var attribute)
            ? Values(attribute)
                .Select(v => v.ValueKind == JsonValueKind.String ? Unmangled(v.GetString()!) : v.GetRawText())
                .FirstOrDefault()
            : null;

    private static void Write(ref PacketWriter writer, JsonProperty property)
    {
        if (!TryFind(property.Name, out var vendor, out var number, out var attribute))
        {
            return;
        }

        foreach (var value in Values(property.Value))
        {
            if (Octets(attribute, TypeOf(property.Value), value) is not { } octets)
            {
                continue;
            }

            if (vendor == 0 && number == AttributeType.UserPassword)
            {
                octets = Hidden(octets);
            }

            Write(ref writer, vendor, number, octets);
        }
    }

    /// <summary>A value longer than one attribute can hold goes on in the next (EAP-Message), as it came.</summary>
    private static void Write(ref PacketWriter writer, uint vendor, byte number, ReadOnlySpan<byte> octets)
    {
        const int vendorHeader = 6;
        if (vendor != 0)
        {
            if (octets.Length <= AttributeFormat.MaxValueLength - vendorHeader && writer.Fits(octets.Length + vendorHeader))
            {
                writer.AddVendor(vendor, number, octets);
            }

            return;
        }

        do
        {
            var some = octets[..Math.Min(octets.Length, AttributeFormat.MaxValueLength)];
            if (!writer.Fits(some.Length))
            {
                return;
            }

            writer.AddBytes(number, some);
            octets = octets[some.Length..];
        } while (!octets.IsEmpty);
    }

    private static bool TryFind(string name, out uint vendor, out byte number, out AttributeDefinition? attribute)
    {
        vendor = 0;
        number = 0;
        if (RadiusDictionary.Default.TryFind(name, out attribute))
        {
            // Encrypted values need the packet's own secret, and what has a parent its structure: neither can be rebuilt.
            vendor = attribute.Vendor;
            number = (byte)Math.Min(attribute.Number, byte.MaxValue);
            var isPassword = vendor == 0 && number == AttributeType.UserPassword;
            return attribute.Parent is null
                && attribute.Number is > 0 and <= byte.MaxValue
                && (attribute.Encryption == 0 || isPassword)
                && !(vendor == 0 && number is AttributeType.MessageAuthenticator or AttributeType.VendorSpecific);
        }

        var path = name.StartsWith("Attr-", StringComparison.Ordinal) ? name["Attr-".Length..].Split('.') : [];
        return path switch
        {
            [var own] => byte.TryParse(own, CultureInfo.InvariantCulture, out number) && number is > 0 and not AttributeType.VendorSpecific,
            ["26", var of, var own] => uint.TryParse(of, CultureInfo.InvariantCulture, out vendor)
                && vendor != 0
                && byte.TryParse(own, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }

    private static IEnumerable<JsonElement> Values(JsonElement attribute)
    {
        var value = attribute.ValueKind == JsonValueKind.Object && attribute.TryGetProperty("value", out var inner) ? inner : attribute;
        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray(),
            JsonValueKind.String or JsonValueKind.Number => [value],
            _ => [],
        };
    }

    private static string TypeOf(JsonElement attribute) =>
        attribute.ValueKind == JsonValueKind.Object
        && attribute.TryGetProperty("type", out var type)
        && type.ValueKind == JsonValueKind.String
            ? type.GetString()!
            : "";

    /// <summary>The value's octets; null when it cannot be read.</summary>
    private static byte[]? Octets(AttributeDefinition? attribute, string type, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? Unmangled(value.GetString()!) : value.GetRawText();
        if (text.Length > LongestValue)
        {
            return null;
        }

        if (type is "octets" or "abinary" && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return Hex(text[2..], null);
        }

        return type switch
        {
            "integer" => Number(attribute, text, 4),
            "integer64" => Number(attribute, text, 8),
            "short" => Number(attribute, text, 2),
            "byte" => Number(attribute, text, 1),
            "signed" => int.TryParse(text, CultureInfo.InvariantCulture, out var signed) ? Big((ulong)(uint)signed, 4) : null,
            "date" => Date(text) is { } seconds ? Big(seconds, 4) : null,
            "ipaddr" or "ipv6addr" or "combo-ip" => IPAddress.TryParse(text, out var address) ? address.GetAddressBytes() : null,
            "ipv6prefix" => Ipv6Prefix(text),
            "ifid" => InterfaceId(text),
            "ether" => Hex(text.Replace(":", "", StringComparison.Ordinal), 6),
            // No type: a caller's own, shorter spelling; the dictionary knows what it means.
            "" when attribute is not null => Untyped(attribute, text),
            "ipv4prefix" or "tlv" or "extended" or "long-extended" or "vsa" or "evs" => null,
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    private static byte[]? Untyped(AttributeDefinition attribute, string text) =>
        attribute.DataType switch
        {
            AttributeDataType.Integer => Number(attribute, text, 4),
            AttributeDataType.Integer64 => Number(attribute, text, 8),
            AttributeDataType.Date => Date(text) is { } seconds ? Big(seconds, 4) : null,
            AttributeDataType.Ipv4Address or AttributeDataType.Ipv6Address => IPAddress.TryParse(text, out var address)
                ? address.GetAddressBytes()
                : null,
            AttributeDataType.Ipv6Prefix => Ipv6Prefix(text),
            AttributeDataType.Octets when text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) => Hex(text[2..], null),
            AttributeDataType.String or AttributeDataType.Octets => Encoding.UTF8.GetBytes(text),
            _ => null,
        };

    private static byte[]? Number(AttributeDefinition? attribute, string text, int octets)
    {
        if (
            !ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && attribute?.TryGetValueNumber(text, out number) != true
        )
        {
            return null;
        }

        // A tag is lost on the way here, so the value is written without one: in the tagged ones the first octet stays zero.
        return octets == 8 || number >> (8 * octets) == 0 ? Big(number, octets) : null;
    }

    private static byte[] Big(ulong number, int octets)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(all, number);
        return all[(8 - octets)..].ToArray();
    }

    /// <summary>"Nov 14 2023 22:13:20 UTC", days below ten padded with a space; or seconds since 1970.</summary>
    private static ulong? Date(string text)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds;
        }

        return
            DateTime.TryParseExact(
                text,
                "MMM d yyyy HH:mm:ss 'UTC'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            ) && new DateTimeOffset(time).ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue and var epoch
            ? (ulong)epoch
            : null;
    }

    public static byte[]? Ipv6Prefix(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (
            slash < 0
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || !byte.TryParse(text.AsSpan(slash + 1), CultureInfo.InvariantCulture, out var length)
            || length > 128
            || address.GetAddressBytes() is not { Length: 16 } octets
        )
        {
            return null;
        }

        // FreeRADIUS may show bits beyond the prefix; on the wire they must be zero (RFC 3162 §2.3).
        var bits = BinaryPrimitives.ReadUInt128BigEndian(octets);
        BinaryPrimitives.WriteUInt128BigEndian(octets, length == 0 ? 0 : bits & (UInt128.MaxValue << (128 - length)));
        return [0, length, .. octets.AsSpan(0, (length + 7) / 8)];
    }

    public static byte[]? InterfaceId(string text)
    {
        var groups = text.Split(':');
        return groups.Length == 4 && groups.All(g => g.Length is > 0 and <= 4)
            ? Hex(string.Concat(groups.Select(g => g.PadLeft(4, '0'))), 8)
            : null;
    }

    private static byte[]? Hex(string text, int? octets) =>
        text.Length % 2 == 0 && (octets is null || text.Length == 2 * octets) && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : null;

    private static byte[] Hidden(ReadOnlySpan<byte> clear)
    {
        var hidden = new byte[Pap.MaxPasswordLength];
        return clear.Length > Pap.MaxPasswordLength ? [] : hidden[..Pap.Encrypt(clear, Secret, Authenticator, hidden)];
    }

    /// <summary>3.2.1 writes each octet of UTF-8 as one character: taken back to octets and read as UTF-8, unless that is none.</summary>
    private static string Unmangled(string text)
    {
        if (text.All(char.IsAscii) || text.Any(c => c > 0xFF))
        {
            return text;
        }

        var octets = Encoding.Latin1.GetBytes(text);
        return System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : text;
    }
}
