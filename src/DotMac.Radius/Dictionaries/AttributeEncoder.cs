using System.Buffers.Binary;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Dictionaries;

/// <summary>
/// Puts a value on the wire as the dictionary says its attribute travels: hidden, tagged, inside its TLVs, its vendor's own format or the extended
/// type space, and in as many attributes as it needs. The reverse of <see cref="PacketDecoder"/>. Not for the hot path.
/// </summary>
internal static class AttributeEncoder
{
    private const int MostInOne = AttributeFormat.MaxValueLength;
    private const byte MoreFollows = 0x80;

    /// <summary>The attributes in wire order, each with its type and length octets; null when the value cannot travel so.</summary>
    /// <param name="value">In the clear, without a tag.</param>
    /// <param name="tag">1..31 for a tagged attribute; 0 or null for none.</param>
    /// <param name="authenticator">The Request Authenticator; used for what is hidden.</param>
    public static List<byte[]>? Encode(
        RadiusDictionary dictionary,
        AttributeDefinition attribute,
        ReadOnlySpan<byte> value,
        byte? tag,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator,
        ushort salt
    )
    {
        if (Protect(attribute, value, tag, secret, authenticator, salt) is not { } content)
        {
            return null;
        }

        var at = attribute;
        while (at.Parent is { } parent)
        {
            if (parent.DataType == AttributeDataType.LongExtended)
            {
                return at.Number > byte.MaxValue ? null : Fragment((byte)parent.Number, (byte)at.Number, content);
            }

            if (Wrap(at, parent, content) is not { } wrapped)
            {
                return null;
            }

            content = wrapped;
            if (parent.DataType == AttributeDataType.Extended)
            {
                return One((byte)parent.Number, content);
            }

            at = parent;
        }

        return at.Vendor != 0 ? OfVendor(dictionary, at, content)
            : at.Number > byte.MaxValue ? null
            : at.IsConcatenated ? Concatenate((byte)at.Number, content)
            : One((byte)at.Number, content);
    }

    /// <summary>Tag and hiding (RFC 2865 §5.2, RFC 2868 §3, and Ascend's).</summary>
    private static byte[]? Protect(
        AttributeDefinition attribute,
        ReadOnlySpan<byte> value,
        byte? tag,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator,
        ushort salt
    )
    {
        if (tag > AttributeFormat.MaxTag || (tag > 0 && !attribute.HasTag))
        {
            return null;
        }

        Span<byte> hidden = stackalloc byte[PacketView.MaxLength];
        switch (attribute.Encryption)
        {
            case 1:
                var covered = Pap.Encrypt(value, secret, authenticator, hidden);
                return covered < 0 ? null : hidden[..covered].ToArray();
            case 2:
                var salted = Salted.Encrypt(value, secret, authenticator, salt, hidden);
                return salted < 0 ? null
                    : attribute.HasTag ? [tag ?? 0, .. hidden[..salted]]
                    : hidden[..salted].ToArray();
            case 3 when value.Length <= Digest.Length:
                Digest.Compute(authenticator, secret, default, hidden);
                for (var i = 0; i < value.Length; i++)
                {
                    hidden[i] ^= value[i];
                }

                return hidden[..Digest.Length].ToArray();
            case 3:
                return null;
        }

        return attribute.HasTag ? Tagged(attribute, value, tag ?? 0) : value.ToArray();
    }

    /// <summary>A number gives its first octet away; text without a tag needs one of zero only when its first octet could be taken for one.</summary>
    private static byte[]? Tagged(AttributeDefinition attribute, ReadOnlySpan<byte> value, byte tag)
    {
        if (attribute.DataType == AttributeDataType.Integer && value.Length == 4)
        {
            return value[0] != 0 ? null : [tag, .. value[1..]];
        }

        return tag == 0 && (value.IsEmpty || value[0] > AttributeFormat.MaxTag) ? value.ToArray() : [tag, .. value];
    }

    private static byte[]? Wrap(AttributeDefinition attribute, AttributeDefinition parent, byte[] content)
    {
        if (parent.DataType == AttributeDataType.ExtendedVsa)
        {
            var vendor = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(vendor, attribute.Number);
            return [.. vendor, .. content];
        }

        if (attribute.Number > byte.MaxValue)
        {
            return null;
        }

        var type = (byte)attribute.Number;
        if (parent.DataType == AttributeDataType.Extended || parent.Parent?.DataType == AttributeDataType.ExtendedVsa)
        {
            return [type, .. content];
        }

        return parent.DataType != AttributeDataType.Tlv || content.Length > byte.MaxValue - 2
            ? null
            : [type, (byte)(2 + content.Length), .. content];
    }

    private static List<byte[]>? One(byte type, byte[] content) =>
        content.Length > MostInOne
            ? null
            :
            [
                [type, (byte)(2 + content.Length), .. content],
            ];

    /// <summary>EAP-Message and its like: an empty value is one empty attribute (RFC 3579 §3.1).</summary>
    private static List<byte[]> Concatenate(byte type, byte[] content) =>
        content.Length == 0
            ?
            [
                [type, 2],
            ]
            : [.. content.Chunk(MostInOne).Select(part => (byte[])[type, (byte)(2 + part.Length), .. part])];

    /// <summary>RFC 6929 §2.2: all but the last are full and say that more follows.</summary>
    private static List<byte[]> Fragment(byte space, byte type, byte[] content)
    {
        var parts =
            content.Length == 0
                ?
                [
                    [],
                ]
                : content.Chunk(MostInOne - 2).ToArray();
        return
        [
            .. parts.Select(
                (part, i) => (byte[])[space, (byte)(4 + part.Length), type, i < parts.Length - 1 ? MoreFollows : (byte)0, .. part]
            ),
        ];
    }

    /// <summary>Vendor-Specific in the format that the vendor chose; one with a continuation octet (WiMAX) may go on in the next attribute.</summary>
    private static List<byte[]>? OfVendor(RadiusDictionary dictionary, AttributeDefinition attribute, byte[] content)
    {
        var vendor = dictionary.TryFindVendor(attribute.Vendor, out var known) ? known : new VendorDefinition("", attribute.Vendor);
        if (vendor.TypeOctets < 4 && attribute.Number >> (8 * vendor.TypeOctets) != 0)
        {
            return null;
        }

        var most = MostInOne - 4 - vendor.HeaderLength;
        if (content.Length > most && !vendor.HasContinuation)
        {
            return null;
        }

        var parts =
            content.Length == 0
                ?
                [
                    [],
                ]
                : content.Chunk(most).ToArray();
        return [.. parts.Select((part, i) => OneOfVendor(vendor, attribute.Number, part, i < parts.Length - 1))];
    }

    private static byte[] OneOfVendor(VendorDefinition vendor, uint number, byte[] part, bool goesOn)
    {
        var wire = new byte[2 + 4 + vendor.HeaderLength + part.Length];
        wire[0] = AttributeType.VendorSpecific;
        wire[1] = (byte)wire.Length;
        BinaryPrimitives.WriteUInt32BigEndian(wire.AsSpan(2), vendor.Number);
        WriteNumber(wire.AsSpan(6, vendor.TypeOctets), number);
        WriteNumber(wire.AsSpan(6 + vendor.TypeOctets, vendor.LengthOctets), (uint)(vendor.HeaderLength + part.Length));
        if (goesOn)
        {
            wire[6 + vendor.TypeOctets + vendor.LengthOctets] = MoreFollows;
        }

        part.CopyTo(wire, wire.Length - part.Length);
        return wire;
    }

    private static void WriteNumber(Span<byte> octets, uint number)
    {
        for (var i = octets.Length - 1; i >= 0; i--)
        {
            octets[i] = (byte)number;
            number >>= 8;
        }
    }
}
