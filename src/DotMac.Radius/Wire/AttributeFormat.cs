using System.Net;
using System.Net.Sockets;

namespace DotMac.Radius.Wire;

/// <summary>Value layouts that several attributes share.</summary>
public static class AttributeFormat
{
    /// <summary>The largest tag octet (RFC 2868 §3.1); above it the octet is the first of the text.</summary>
    public const byte MaxTag = 0x1F;

    /// <summary>An attribute's value holds at most 253 octets.</summary>
    public const int MaxValueLength = 253;

    /// <summary>Reserved octet, prefix length 0..128, then as many octets as needed (RFC 3162 §2.3).</summary>
    public static bool TryReadIpv6Prefix(ReadOnlySpan<byte> value, out IPNetwork prefix)
    {
        prefix = default;
        if (value.Length is < 2 or > 18 || value[1] > 128 || (value.Length - 2) * 8 < value[1])
        {
            return false;
        }

        Span<byte> address = stackalloc byte[16];
        address.Clear();
        value[2..].CopyTo(address);
        ClearBeyond(address, value[1]);
        prefix = new IPNetwork(new IPAddress(address), value[1]);
        return true;
    }

    /// <summary>Writes the shortest form of an IPv6 prefix and returns its length in octets (2..18); 0 when it is no IPv6 prefix.</summary>
    public static int WriteIpv6Prefix(IPNetwork prefix, Span<byte> value)
    {
        if (prefix.BaseAddress.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return 0;
        }

        Span<byte> address = stackalloc byte[16];
        prefix.BaseAddress.TryWriteBytes(address, out _);
        ClearBeyond(address, prefix.PrefixLength);
        var octets = (prefix.PrefixLength + 7) / 8;
        value[0] = 0;
        value[1] = (byte)prefix.PrefixLength;
        address[..octets].CopyTo(value[2..]);
        return 2 + octets;
    }

    /// <summary>Splits a tagged text or octets value (RFC 2868): without a tag octet in 0..31 the tag is 0 and everything is the value.</summary>
    public static ReadOnlySpan<byte> SplitTag(ReadOnlySpan<byte> value, out byte tag)
    {
        if (!value.IsEmpty && value[0] <= MaxTag)
        {
            tag = value[0];
            return value[1..];
        }

        tag = 0;
        return value;
    }

    private static void ClearBeyond(Span<byte> address, int bits)
    {
        for (var i = 0; i < address.Length; i++)
        {
            var keep = Math.Clamp(bits - (i * 8), 0, 8);
            address[i] &= (byte)(0xFF << (8 - keep));
        }
    }
}
