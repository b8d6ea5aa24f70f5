using System.Buffers.Binary;
using System.Globalization;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Dictionaries;

/// <summary>Turns a packet's attributes into readable ones. Never fails: what a dictionary does not explain is shown as octets.</summary>
internal ref struct PacketDecoder(RadiusDictionary dictionary)
{
    private const int MaxDepth = 8;
    private const byte MoreFollows = 0x80;

    private readonly List<DecodedAttribute> _result = [];
    private readonly List<byte> _fragments = [];
    private readonly List<byte> _continued = [];

    public readonly List<DecodedAttribute> Decode(PacketView packet)
    {
        foreach (var attribute in packet.Attributes)
        {
            if (attribute.Type == AttributeType.VendorSpecific)
            {
                DecodeVendor(attribute.Value);
            }
            else if (!dictionary.TryFind(0, attribute.Type, out var known))
            {
                Add(attribute.Type.ToString(CultureInfo.InvariantCulture), attribute.Value);
            }
            else if (known.DataType is AttributeDataType.Extended or AttributeDataType.LongExtended)
            {
                DecodeExtended(known, attribute.Value);
            }
            else
            {
                DecodeValue(known, attribute.Value, 0);
            }
        }

        return _result;
    }

    private readonly void DecodeValue(AttributeDefinition attribute, ReadOnlySpan<byte> value, int depth)
    {
        if (attribute.IsSecret)
        {
            byte? hiddenTag = attribute.HasTag && !value.IsEmpty && value[0] is > 0 and <= AttributeFormat.MaxTag ? value[0] : null;
            _result.Add(new DecodedAttribute(attribute.Name, attribute.Path, hiddenTag, DecodedAttribute.Hidden));
        }
        else if (attribute.DataType == AttributeDataType.Tlv && depth < MaxDepth && VendorAttributeEnumerator.IsDivisible(value))
        {
            DecodeTlv(attribute, value, depth);
        }
        else
        {
            byte? tag = null;
            var text = attribute.HasTag ? ValueText.FormatTagged(attribute, value, out tag) : ValueText.Format(attribute, value);
            _result.Add(new DecodedAttribute(attribute.Name, attribute.Path, tag, text));
        }
    }

    private readonly void DecodeTlv(AttributeDefinition attribute, ReadOnlySpan<byte> value, int depth)
    {
        while (!value.IsEmpty)
        {
            var inner = value[2..value[1]];
            if (attribute.TryGetChild(value[0], out var child))
            {
                DecodeValue(child, inner, depth + 1);
            }
            else
            {
                Add(string.Create(CultureInfo.InvariantCulture, $"{attribute.Path}.{value[0]}"), inner);
            }

            value = value[value[1]..];
        }
    }

    private readonly void DecodeVendor(ReadOnlySpan<byte> value)
    {
        if (!VendorAttributeEnumerator.TrySplit(value, out var number, out var content))
        {
            Add("26", value);
            return;
        }

        var vendor = dictionary.TryFindVendor(number, out var known) ? known : new VendorDefinition(string.Empty, number);
        if (!TrySplitAll(vendor, content))
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"26.{number}"), content);
            return;
        }

        while (!content.IsEmpty)
        {
            TrySplitOne(vendor, content, out var type, out var inner, out var rest);
            var goesOn = vendor.HasContinuation && (content[vendor.HeaderLength - 1] & MoreFollows) != 0;
            content = rest;
            if (goesOn || _continued.Count > 0)
            {
                _continued.AddRange(inner);
                if (goesOn)
                {
                    continue;
                }

                inner = _continued.ToArray();
                _continued.Clear();
            }

            if (dictionary.TryFind(number, type, out var attribute))
            {
                DecodeValue(attribute, inner, 0);
            }
            else
            {
                Add(string.Create(CultureInfo.InvariantCulture, $"26.{number}.{type}"), inner);
            }
        }
    }

    private readonly void DecodeExtended(AttributeDefinition space, ReadOnlySpan<byte> value)
    {
        var isLong = space.DataType == AttributeDataType.LongExtended;
        var header = isLong ? 2 : 1;
        if (value.Length < header)
        {
            Add(space.Path, value);
            return;
        }

        var content = value[header..];
        if (isLong)
        {
            _fragments.AddRange(content);
            if ((value[1] & MoreFollows) != 0)
            {
                return;
            }

            content = _fragments.ToArray();
            _fragments.Clear();
        }

        if (!space.TryGetChild(value[0], out var attribute))
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{space.Path}.{value[0]}"), content);
        }
        else if (attribute.DataType == AttributeDataType.ExtendedVsa)
        {
            DecodeExtendedVendor(attribute, content);
        }
        else
        {
            DecodeValue(attribute, content, 0);
        }
    }

    private readonly void DecodeExtendedVendor(AttributeDefinition space, ReadOnlySpan<byte> content)
    {
        if (content.Length < 5)
        {
            Add(space.Path, content);
            return;
        }

        var vendor = BinaryPrimitives.ReadUInt32BigEndian(content);
        if (space.TryGetChild(vendor, out var parent) && parent.TryGetChild(content[4], out var attribute))
        {
            DecodeValue(attribute, content[5..], 0);
        }
        else
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{space.Path}.{vendor}.{content[4]}"), content[5..]);
        }
    }

    private readonly void Add(string path, ReadOnlySpan<byte> value) =>
        _result.Add(new DecodedAttribute("Attr-" + path, path, null, ValueText.Octets(value)));

    private static bool TrySplitAll(VendorDefinition vendor, ReadOnlySpan<byte> content)
    {
        do
        {
            if (!TrySplitOne(vendor, content, out _, out _, out content))
            {
                return false;
            }
        } while (!content.IsEmpty);

        return true;
    }

    private static bool TrySplitOne(
        VendorDefinition vendor,
        ReadOnlySpan<byte> content,
        out uint type,
        out ReadOnlySpan<byte> value,
        out ReadOnlySpan<byte> rest
    )
    {
        type = 0;
        value = rest = default;
        if (content.Length < vendor.HeaderLength)
        {
            return false;
        }

        type = ReadNumber(content[..vendor.TypeOctets]);
        var length = vendor.LengthOctets == 0 ? content.Length : (int)ReadNumber(content.Slice(vendor.TypeOctets, vendor.LengthOctets));
        if (length < vendor.HeaderLength || length > content.Length)
        {
            return false;
        }

        value = content[vendor.HeaderLength..length];
        rest = content[length..];
        return true;
    }

    private static uint ReadNumber(ReadOnlySpan<byte> octets)
    {
        var number = 0u;
        foreach (var octet in octets)
        {
            number = (number << 8) | octet;
        }

        return number;
    }
}
