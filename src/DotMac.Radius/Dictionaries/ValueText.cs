using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Unicode;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Dictionaries;

/// <summary>Octets of a value to text, by data type. What has the wrong length for its type is shown as octets.</summary>
internal static class ValueText
{
    public static string Octets(ReadOnlySpan<byte> value) => "0x" + Convert.ToHexStringLower(value);

    public static string Format(AttributeDefinition attribute, ReadOnlySpan<byte> value) =>
        attribute.DataType switch
        {
            AttributeDataType.String => Text(value),
            AttributeDataType.Byte when value.Length == 1 => Number(attribute, value[0]),
            AttributeDataType.Short when value.Length == 2 => Number(attribute, BinaryPrimitives.ReadUInt16BigEndian(value)),
            AttributeDataType.Integer when value.Length == 4 => Number(attribute, BinaryPrimitives.ReadUInt32BigEndian(value)),
            AttributeDataType.Integer64 when value.Length == 8 => Number(attribute, BinaryPrimitives.ReadUInt64BigEndian(value)),
            AttributeDataType.Signed when value.Length == 4 => BinaryPrimitives
                .ReadInt32BigEndian(value)
                .ToString(CultureInfo.InvariantCulture),
            AttributeDataType.Ipv4Address when value.Length == 4 => new IPAddress(value).ToString(),
            AttributeDataType.Ipv6Address when value.Length == 16 => new IPAddress(value).ToString(),
            AttributeDataType.ComboIp when value.Length is 4 or 16 => new IPAddress(value).ToString(),
            AttributeDataType.Ipv4Prefix when value.Length == 6 && value[1] <= 32 => $"{new IPAddress(value[2..])}/{value[1]}",
            AttributeDataType.Ipv6Prefix when AttributeFormat.TryReadIpv6Prefix(value, out var prefix) => prefix.ToString(),
            AttributeDataType.Date when value.Length == 4 => DateTimeOffset
                .FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(value))
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            AttributeDataType.InterfaceId when value.Length == 8 => InterfaceId(value),
            AttributeDataType.Ethernet when value.Length == 6 => Convert
                .ToHexStringLower(value)
                .Insert(10, ":")
                .Insert(8, ":")
                .Insert(6, ":")
                .Insert(4, ":")
                .Insert(2, ":"),
            _ => Octets(value),
        };

    /// <summary>Splits off the tag of a tagged attribute (RFC 2868 §3.1). The number's tag takes the first of its four octets.</summary>
    public static string FormatTagged(AttributeDefinition attribute, ReadOnlySpan<byte> value, out byte? tag)
    {
        tag = null;
        if (value.IsEmpty || value[0] > AttributeFormat.MaxTag)
        {
            return Format(attribute, value);
        }

        tag = value[0] == 0 ? null : value[0];
        if (attribute.DataType == AttributeDataType.Integer && value.Length == 4)
        {
            return Number(attribute, BinaryPrimitives.ReadUInt32BigEndian(value) & 0xFFFFFF);
        }

        return Format(attribute, value[1..]);
    }

    private static string Number(AttributeDefinition attribute, ulong number) =>
        attribute.TryGetValueName(number, out var name) ? name : number.ToString(CultureInfo.InvariantCulture);

    private static string Text(ReadOnlySpan<byte> value)
    {
        foreach (var octet in value)
        {
            if (octet is < 0x20 or 0x7F)
            {
                return Octets(value);
            }
        }

        return Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : Octets(value);
    }

    private static string InterfaceId(ReadOnlySpan<byte> value)
    {
        var groups = new string[4];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = BinaryPrimitives.ReadUInt16BigEndian(value[(2 * i)..]).ToString("x", CultureInfo.InvariantCulture);
        }

        return string.Join(':', groups);
    }
}
