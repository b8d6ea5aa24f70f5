using System.Buffers.Binary;

namespace DotMac.Radius.Wire;

/// <summary>
/// A checked view of one RADIUS packet inside a received datagram (RFC 2865 §3). Nothing is copied: it lives as long as the buffer it was
/// parsed from. Every length was checked by <see cref="TryParse"/>, so reading cannot leave the packet.
/// </summary>
public readonly ref partial struct PacketView
{
    public const int HeaderLength = 20;
    public const int MaxLength = 4096;
    public const int AuthenticatorLength = 16;

    private PacketView(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole packet, as long as its length field says; padding behind it is cut off.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public PacketCode Code => (PacketCode)Bytes[0];

    public byte Identifier => Bytes[1];

    /// <summary>The 16 octets of Request or Response Authenticator.</summary>
    public ReadOnlySpan<byte> Authenticator => Bytes.Slice(4, AuthenticatorLength);

    /// <summary>All attributes in wire order.</summary>
    public AttributeEnumerator Attributes => new(Bytes[HeaderLength..]);

    /// <summary>The sub-attributes of all Vendor-Specific attributes in wire order.</summary>
    public VendorAttributeEnumerator VendorAttributes => new(Attributes);

    /// <summary>
    /// Checks a datagram against RFC 2865 §3 and §5. Octets beyond the length field are padding and ignored. Codes and attribute types
    /// are not judged here: an unknown one is well formed. Never throws.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out PacketView packet, out MalformedReason reason)
    {
        packet = default;
        if (datagram.Length < HeaderLength)
        {
            reason = MalformedReason.ShorterThanHeader;
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length < HeaderLength)
        {
            reason = MalformedReason.LengthBelowMinimum;
            return false;
        }

        if (length > MaxLength)
        {
            reason = MalformedReason.LengthAboveMaximum;
            return false;
        }

        if (length > datagram.Length)
        {
            reason = MalformedReason.LengthBeyondDatagram;
            return false;
        }

        var bytes = datagram[..length];
        reason = CheckAttributes(bytes[HeaderLength..]);
        if (reason != MalformedReason.None)
        {
            return false;
        }

        packet = new PacketView(bytes);
        return true;
    }

    public AttributeEnumerator GetEnumerator() => Attributes;

    /// <summary>The value of the first attribute of that type.</summary>
    public bool TryGet(byte type, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Type == type)
            {
                value = attribute.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public bool Has(byte type) => TryGet(type, out _);

    /// <summary>How many attributes of that type the packet carries.</summary>
    public int Count(byte type)
    {
        var count = 0;
        foreach (var attribute in Attributes)
        {
            if (attribute.Type == type)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>The value of the vendor's first sub-attribute of that type (one octet type, one octet length).</summary>
    public bool TryGetVendor(uint vendor, byte type, out ReadOnlySpan<byte> value)
    {
        foreach (var attribute in VendorAttributes)
        {
            if (attribute.Type == type && attribute.Vendor == vendor)
            {
                value = attribute.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    private static MalformedReason CheckAttributes(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (rest.Length < 2)
            {
                return MalformedReason.AttributeHeaderTruncated;
            }

            int length = rest[1];
            if (length < 2)
            {
                return MalformedReason.AttributeLengthBelowMinimum;
            }

            if (length > rest.Length)
            {
                return MalformedReason.AttributeBeyondPacket;
            }

            rest = rest[length..];
        }

        return MalformedReason.None;
    }
}
