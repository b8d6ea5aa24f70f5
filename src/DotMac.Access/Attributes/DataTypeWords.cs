using System.Globalization;
using DotMac.Radius.Dictionaries;

namespace DotMac.Access.Attributes;

/// <summary>Data types as dictionary files spell them, and how their values look.</summary>
internal static class DataTypeWords
{
    public static string Of(AttributeDataType type) =>
        type switch
        {
            AttributeDataType.Ipv4Address => "ipaddr",
            AttributeDataType.Ipv4Prefix => "ipv4prefix",
            AttributeDataType.Ipv6Address => "ipv6addr",
            AttributeDataType.Ipv6Prefix => "ipv6prefix",
            AttributeDataType.ComboIp => "combo-ip",
            AttributeDataType.InterfaceId => "ifid",
            AttributeDataType.Ethernet => "ether",
            AttributeDataType.LongExtended => "long-extended",
            AttributeDataType.ExtendedVsa => "evs",
            _ => type.ToString().ToLowerInvariant(),
        };

    public static string FormatOf(AttributeDefinition attribute)
    {
        if (attribute.FixedLength is { } length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"exactly {length} octets, 0x…");
        }

        return attribute.DataType switch
        {
            AttributeDataType.Octets => "octets as hex: 0x0a1b",
            AttributeDataType.String => "text, at most 253 octets of UTF-8",
            AttributeDataType.Byte => "0 to 255",
            AttributeDataType.Short => "0 to 65535",
            AttributeDataType.Integer => attribute.Values.Count > 0 ? "a named value, or 0 to 4294967295" : "0 to 4294967295",
            AttributeDataType.Integer64 => "0 to 18446744073709551615",
            AttributeDataType.Signed => "-2147483648 to 2147483647",
            AttributeDataType.Ipv4Address => "192.0.2.1",
            AttributeDataType.Ipv4Prefix => "192.0.2.0/24",
            AttributeDataType.Ipv6Address => "2001:db8::1",
            AttributeDataType.Ipv6Prefix => "2001:db8::/56",
            AttributeDataType.ComboIp => "192.0.2.1 or 2001:db8::1",
            AttributeDataType.Date => "seconds since 1970-01-01 UTC",
            AttributeDataType.InterfaceId => "0102:0304:0506:0708",
            AttributeDataType.Ethernet => "02:00:5e:00:00:01",
            _ => "sub-attributes",
        };
    }
}
