namespace DotMac.Radius.Dictionaries;

/// <summary>The data types of FreeRADIUS 3 dictionaries (RFC 8044 with their names). Numbers travel most significant octet first.</summary>
public enum AttributeDataType : byte
{
    /// <summary>Any octets.</summary>
    Octets = 0,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>1, 2, 4 or 8 octets unsigned.</summary>
    Byte,
    Short,
    Integer,
    Integer64,

    /// <summary>4 octets, two's complement.</summary>
    Signed,
    Ipv4Address,

    /// <summary>Reserved octet, prefix length, 4 octets (RFC 8044 §3.11).</summary>
    Ipv4Prefix,
    Ipv6Address,

    /// <summary>Reserved octet, prefix length, 0..16 octets (RFC 3162 §2.3).</summary>
    Ipv6Prefix,

    /// <summary>An IPv4 address of 4 octets or an IPv6 address of 16.</summary>
    ComboIp,

    /// <summary>Seconds since 1970-01-01 UTC, 4 octets.</summary>
    Date,

    /// <summary>8 octets, shown as four groups of hexadecimal digits.</summary>
    InterfaceId,

    /// <summary>6 octets.</summary>
    Ethernet,

    /// <summary>Sub-attributes: type octet, length octet, value (RFC 8044 §3.13).</summary>
    Tlv,

    /// <summary>Vendor-Specific.</summary>
    Vsa,

    /// <summary>One octet of extended type before the value (RFC 6929 §2.1).</summary>
    Extended,

    /// <summary>Extended type and flags; a value may span several attributes (RFC 6929 §2.2).</summary>
    LongExtended,

    /// <summary>Vendor-Specific inside an extended attribute: vendor number, type octet, value (RFC 6929 §2.4).</summary>
    ExtendedVsa,
}
