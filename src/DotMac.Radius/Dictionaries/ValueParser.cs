using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Dictionaries;

/// <summary>Text to the octets of a value, by data type: the reverse of <see cref="ValueText"/>.</summary>
internal static class ValueParser
{
    /// <summary>The value's octets, or null when the text is no value of the attribute's type.</summary>
    public static byte[]? Parse(AttributeDefinition attribute, string text)
    {
        var value = attribute.DataType switch
        {
            AttributeDataType.String => Encoding.UTF8.GetBytes(text),
            AttributeDataType.Byte => Number(attribute, text, 1),
            AttributeDataType.Short => Number(attribute, text, 2),
            AttributeDataType.Integer => Number(attribute, text, 4),
            AttributeDataType.Integer64 => Number(attribute, text, 8),
            AttributeDataType.Signed => Signed(text),
            AttributeDataType.Ipv4Address => Address(text, AddressFamily.InterNetwork),
            AttributeDataType.Ipv6Address => Address(text, AddressFamily.InterNetworkV6),
            AttributeDataType.ComboIp => Address(text, AddressFamily.Unspecified),
            AttributeDataType.Ipv4Prefix => Ipv4Prefix(text),
            AttributeDataType.Ipv6Prefix => Ipv6Prefix(text),
            AttributeDataType.Date => Date(text),
            AttributeDataType.InterfaceId => InterfaceId(text),
            AttributeDataType.Ethernet => Hex(text.Replace(":", string.Empty, StringComparison.Ordinal), 6),
            AttributeDataType.Octets => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? Hex(text[2..], null)
                : Encoding.UTF8.GetBytes(text),
            _ => null,
        };
        return attribute.FixedLength is { } length && value?.Length != length ? null : value;
    }

    private static byte[]? Number(AttributeDefinition attribute, string text, int octets)
    {
        if (
            !attribute.TryGetValueNumber(text, out var number)
            && !ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        )
        {
            return null;
        }

        if (octets < 8 && number >> (8 * octets) != 0)
        {
            return null;
        }

        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(all, number);
        return all[(8 - octets)..].ToArray();
    }

    private static byte[]? Signed(string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var value = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(value, number);
        return value;
    }

    private static byte[]? Address(string text, AddressFamily family)
    {
        if (!IPAddress.TryParse(text, out var address) || (family != AddressFamily.Unspecified && address.AddressFamily != family))
        {
            return null;
        }

        return address.GetAddressBytes();
    }

    private static byte[]? Ipv4Prefix(string text)
    {
        if (!IPNetwork.TryParse(text, out var prefix) || prefix.BaseAddress.AddressFamily != AddressFamily.InterNetwork)
        {
            return null;
        }

        return [0, (byte)prefix.PrefixLength, .. prefix.BaseAddress.GetAddressBytes()];
    }

    private static byte[]? Ipv6Prefix(string text)
    {
        if (!IPNetwork.TryParse(text, out var prefix))
        {
            return null;
        }

        var value = new byte[18];
        var length = AttributeFormat.WriteIpv6Prefix(prefix, value);
        return length == 0 ? null : value[..length];
    }

    private static byte[]? Date(string text)
    {
        long seconds;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            seconds = time.ToUnixTimeSeconds();
        }
        else if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
        {
            return null;
        }

        if (seconds is < 0 or > uint.MaxValue)
        {
            return null;
        }

        var value = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, (uint)seconds);
        return value;
    }

    private static byte[]? InterfaceId(string text)
    {
        var groups = text.Split(':');
        if (groups.Length != 4)
        {
            return null;
        }

        var value = new byte[8];
        for (var i = 0; i < groups.Length; i++)
        {
            if (!ushort.TryParse(groups[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var group))
            {
                return null;
            }

            BinaryPrimitives.WriteUInt16BigEndian(value.AsSpan(2 * i), group);
        }

        return value;
    }

    private static byte[]? Hex(string text, int? octets)
    {
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit) || (octets is { } length && text.Length != 2 * length))
        {
            return null;
        }

        return Convert.FromHexString(text);
    }
}
