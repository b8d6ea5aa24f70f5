namespace DotMac.Radius.Wire;

/// <summary>One attribute of a packet: its type octet and its value (0..253 octets), pointing into the datagram.</summary>
public readonly ref struct AttributeView
{
    internal AttributeView(byte type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    public byte Type { get; }

    public ReadOnlySpan<byte> Value { get; }
}

/// <summary>Walks the attributes of a packet in wire order, without allocating.</summary>
public ref struct AttributeEnumerator
{
    private ReadOnlySpan<byte> _rest;
    private AttributeView _current;

    internal AttributeEnumerator(ReadOnlySpan<byte> attributes)
    {
        _rest = attributes;
        _current = default;
    }

    public readonly AttributeView Current => _current;

    public readonly AttributeEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < 2 || _rest[1] < 2 || _rest[1] > _rest.Length)
        {
            return false;
        }

        _current = new AttributeView(_rest[0], _rest[2.._rest[1]]);
        _rest = _rest[_rest[1]..];
        return true;
    }
}
