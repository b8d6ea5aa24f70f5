using System.Buffers.Binary;

namespace DotMac.Radius.Wire;

/// <summary>One sub-attribute of a Vendor-Specific attribute in the usual form: one octet type, one octet length.</summary>
public readonly ref struct VendorAttributeView
{
    internal VendorAttributeView(uint vendor, byte type, ReadOnlySpan<byte> value)
    {
        Vendor = vendor;
        Type = type;
        Value = value;
    }

    /// <summary>The vendor's IANA enterprise number.</summary>
    public uint Vendor { get; }

    public byte Type { get; }

    public ReadOnlySpan<byte> Value { get; }
}

/// <summary>
/// Walks the sub-attributes of every Vendor-Specific attribute (RFC 2865 §5.26). A Vendor-Specific attribute whose content does not
/// divide exactly into sub-attributes yields nothing at all and is counted in <see cref="Opaque"/>: RFC 2865 lets a vendor put anything there.
/// </summary>
public ref struct VendorAttributeEnumerator
{
    private AttributeEnumerator _attributes;
    private ReadOnlySpan<byte> _rest;
    private uint _vendor;
    private VendorAttributeView _current;

    internal VendorAttributeEnumerator(AttributeEnumerator attributes)
    {
        _attributes = attributes;
        _rest = default;
        _vendor = 0;
        _current = default;
        Opaque = 0;
    }

    public readonly VendorAttributeView Current => _current;

    /// <summary>How many Vendor-Specific attributes passed so far were not made of sub-attributes.</summary>
    public int Opaque { get; private set; }

    public readonly VendorAttributeEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_rest.IsEmpty)
        {
            if (!_attributes.MoveNext())
            {
                return false;
            }

            var attribute = _attributes.Current;
            if (attribute.Type != AttributeType.VendorSpecific)
            {
                continue;
            }

            if (TrySplit(attribute.Value, out _vendor, out var content) && IsDivisible(content))
            {
                _rest = content;
            }
            else
            {
                Opaque++;
            }
        }

        _current = new VendorAttributeView(_vendor, _rest[0], _rest[2.._rest[1]]);
        _rest = _rest[_rest[1]..];
        return true;
    }

    /// <summary>Splits a Vendor-Specific value into the enterprise number and what follows. False when shorter than 4 octets.</summary>
    internal static bool TrySplit(ReadOnlySpan<byte> value, out uint vendor, out ReadOnlySpan<byte> content)
    {
        if (value.Length < 4)
        {
            vendor = 0;
            content = default;
            return false;
        }

        vendor = BinaryPrimitives.ReadUInt32BigEndian(value);
        content = value[4..];
        return true;
    }

    internal static bool IsDivisible(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return false;
        }

        while (!content.IsEmpty)
        {
            if (content.Length < 2 || content[1] < 2 || content[1] > content.Length)
            {
                return false;
            }

            content = content[content[1]..];
        }

        return true;
    }
}
