using System.Globalization;

namespace DotMac.Radius.Dictionaries;

/// <summary>Names of data types as dictionary files spell them, those of FreeRADIUS 3 and the newer uint8…uint64.</summary>
internal static class DataTypeNames
{
    private static readonly Dictionary<string, AttributeDataType> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["octets"] = AttributeDataType.Octets,
        ["abinary"] = AttributeDataType.Octets,
        ["string"] = AttributeDataType.String,
        ["byte"] = AttributeDataType.Byte,
        ["uint8"] = AttributeDataType.Byte,
        ["short"] = AttributeDataType.Short,
        ["uint16"] = AttributeDataType.Short,
        ["integer"] = AttributeDataType.Integer,
        ["uint32"] = AttributeDataType.Integer,
        ["integer64"] = AttributeDataType.Integer64,
        ["uint64"] = AttributeDataType.Integer64,
        ["signed"] = AttributeDataType.Signed,
        ["ipaddr"] = AttributeDataType.Ipv4Address,
        ["ipv4prefix"] = AttributeDataType.Ipv4Prefix,
        ["ipv6addr"] = AttributeDataType.Ipv6Address,
        ["ipv6prefix"] = AttributeDataType.Ipv6Prefix,
        ["combo-ip"] = AttributeDataType.ComboIp,
        ["date"] = AttributeDataType.Date,
        ["ifid"] = AttributeDataType.InterfaceId,
        ["ether"] = AttributeDataType.Ethernet,
        ["tlv"] = AttributeDataType.Tlv,
        ["vsa"] = AttributeDataType.Vsa,
        ["extended"] = AttributeDataType.Extended,
        ["long-extended"] = AttributeDataType.LongExtended,
        ["evs"] = AttributeDataType.ExtendedVsa,
    };

    /// <summary>Reads a type; octets[16] has a fixed length.</summary>
    public static bool TryParse(string text, out AttributeDataType dataType, out int? fixedLength)
    {
        fixedLength = null;
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        if (bracket > 0)
        {
            if (
                !text.EndsWith(']')
                || !int.TryParse(text[(bracket + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            )
            {
                dataType = default;
                return false;
            }

            fixedLength = length;
            text = text[..bracket];
        }

        return Names.TryGetValue(text, out dataType);
    }
}
