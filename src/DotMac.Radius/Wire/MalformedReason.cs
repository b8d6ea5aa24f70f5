namespace DotMac.Radius.Wire;

/// <summary>Why a datagram is no RADIUS packet (RFC 2865 §3 and §5). Each of them means: discard without an answer.</summary>
public enum MalformedReason : byte
{
    None = 0,

    /// <summary>Fewer than the 20 octets of the header.</summary>
    ShorterThanHeader,

    /// <summary>The length field says less than 20.</summary>
    LengthBelowMinimum,

    /// <summary>The length field says more than 4096.</summary>
    LengthAboveMaximum,

    /// <summary>The length field says more than the datagram holds.</summary>
    LengthBeyondDatagram,

    /// <summary>One octet is left over after the last attribute: no room for type and length.</summary>
    AttributeHeaderTruncated,

    /// <summary>An attribute's length is 0 or 1.</summary>
    AttributeLengthBelowMinimum,

    /// <summary>An attribute reaches past the packet's length.</summary>
    AttributeBeyondPacket,
}
