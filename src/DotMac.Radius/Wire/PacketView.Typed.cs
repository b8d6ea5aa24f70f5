using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace DotMac.Radius.Wire;

/// <summary>Typed reads. Each is false when the attribute is absent or its value has the wrong length for the type.</summary>
public readonly ref partial struct PacketView
{
    public bool TryGetUInt32(byte type, out uint value)
    {
        value = 0;
        return TryGet(type, out var bytes) && TryReadUInt32(bytes, out value);
    }

    public bool TryGetVendorUInt32(uint vendor, byte type, out uint value)
    {
        value = 0;
        return TryGetVendor(vendor, type, out var bytes) && TryReadUInt32(bytes, out value);
    }

    /// <summary>An IPv4 address as a number, most significant octet first (10.0.0.1 is 0x0A000001).</summary>
    public bool TryGetIpv4(byte type, out uint address) => TryGetUInt32(type, out address);

    public bool TryGetIpv4(byte type, out IPAddress address)
    {
        if (TryGet(type, out var bytes) && bytes.Length == 4)
        {
            address = new IPAddress(bytes);
            return true;
        }

        address = IPAddress.None;
        return false;
    }

    public bool TryGetIpv6(byte type, out IPAddress address)
    {
        if (TryGet(type, out var bytes) && bytes.Length == 16)
        {
            address = new IPAddress(bytes);
            return true;
        }

        address = IPAddress.IPv6None;
        return false;
    }

    /// <summary>An IPv6 prefix (RFC 3162 §2.3): host bits beyond the prefix length are read as zero.</summary>
    public bool TryGetIpv6Prefix(byte type, out IPNetwork prefix)
    {
        if (TryGet(type, out var bytes) && AttributeFormat.TryReadIpv6Prefix(bytes, out prefix))
        {
            return true;
        }

        prefix = default;
        return false;
    }

    /// <summary>Text as UTF-8; octets that are not UTF-8 become U+FFFD. Allocates the string.</summary>
    public bool TryGetText(byte type, out string text)
    {
        if (TryGet(type, out var bytes))
        {
            text = Encoding.UTF8.GetString(bytes);
            return true;
        }

        text = string.Empty;
        return false;
    }

    public bool TryGetVendorText(uint vendor, byte type, out string text)
    {
        if (TryGetVendor(vendor, type, out var bytes))
        {
            text = Encoding.UTF8.GetString(bytes);
            return true;
        }

        text = string.Empty;
        return false;
    }

    /// <summary>Seconds since 1970-01-01 UTC (RFC 2869 §5.3).</summary>
    public bool TryGetTime(byte type, out DateTimeOffset time)
    {
        time = default;
        if (!TryGetUInt32(type, out var seconds))
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    /// <summary>A 64-bit octet counter: the low 32 bits in one attribute, how often it wrapped in another (RFC 2869 §5.1).</summary>
    public bool TryGetOctets(byte octetsType, byte gigawordsType, out ulong octets)
    {
        octets = 0;
        if (!TryGetUInt32(octetsType, out var low))
        {
            return false;
        }

        octets = TryGetUInt32(gigawordsType, out var high) ? ((ulong)high << 32) | low : low;
        return true;
    }

    private static bool TryReadUInt32(ReadOnlySpan<byte> bytes, out uint value) =>
        bytes.Length == 4 ? BinaryPrimitives.TryReadUInt32BigEndian(bytes, out value) : (value = 0) != 0;
}
