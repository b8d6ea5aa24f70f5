using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DotMac.Radius.Wire;

/// <summary>
/// Writes one packet into a caller's buffer, without allocating. Every Add returns false when it could not be done and leaves the
/// packet as it was, and <see cref="Fault"/> keeps the first reason: a packet with a fault is never finished (Finish returns 0), so
/// nothing goes out shortened. Ask <see cref="Fits"/> before an attribute the reply can do without.
/// </summary>
public ref partial struct PacketWriter
{
    private readonly Span<byte> _buffer;
    private int _length;
    private int _messageAuthenticatorAt;
    private ushort _salt;

    /// <summary>Begins a packet with its header.</summary>
    /// <param name="buffer">At least 20 octets; no more than 4096 of it are used.</param>
    public PacketWriter(Span<byte> buffer, PacketCode code, byte identifier)
    {
        _buffer = buffer.Length > PacketView.MaxLength ? buffer[..PacketView.MaxLength] : buffer;
        _messageAuthenticatorAt = 0;
        _salt = 0;
        Fault = WriteFault.None;
        if (_buffer.Length < PacketView.HeaderLength)
        {
            _length = 0;
            Fault = WriteFault.PacketFull;
            return;
        }

        _length = PacketView.HeaderLength;
        _buffer[0] = (byte)code;
        _buffer[1] = identifier;
        _buffer[2..PacketView.HeaderLength].Clear();
    }

    /// <summary>Octets written so far, header included.</summary>
    public readonly int Length => _length;

    public WriteFault Fault { get; private set; }

    /// <summary>Whether an attribute with a value of that many octets still has room.</summary>
    public readonly bool Fits(int valueLength) =>
        valueLength <= AttributeFormat.MaxValueLength && _length + 2 + valueLength <= _buffer.Length;

    public bool AddBytes(byte type, scoped ReadOnlySpan<byte> value)
    {
        if (!TryReserve(type, value.Length, out var target))
        {
            return false;
        }

        value.CopyTo(target);
        return true;
    }

    /// <summary>An attribute that was made elsewhere, with its type and length octets: what RadiusDictionary.Encode gives.</summary>
    public bool AddWhole(scoped ReadOnlySpan<byte> attribute) =>
        attribute.Length >= 2 && attribute[1] == attribute.Length ? AddBytes(attribute[0], attribute[2..]) : Fail(WriteFault.ValueInvalid);

    public bool AddUInt32(byte type, uint value)
    {
        if (!TryReserve(type, 4, out var target))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(target, value);
        return true;
    }

    /// <summary>Text as UTF-8, at most 253 octets.</summary>
    public bool AddText(byte type, scoped ReadOnlySpan<char> text)
    {
        var octets = Encoding.UTF8.GetByteCount(text);
        if (!TryReserve(type, octets, out var target))
        {
            return false;
        }

        Encoding.UTF8.GetBytes(text, target);
        return true;
    }

    /// <summary>An IPv4 address as a number, most significant octet first.</summary>
    public bool AddIpv4(byte type, uint address) => AddUInt32(type, address);

    public bool AddIpv4(byte type, IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            return Fail(WriteFault.ValueInvalid);
        }

        return TryReserve(type, 4, out var target) && address.TryWriteBytes(target, out _);
    }

    public bool AddIpv6(byte type, IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return Fail(WriteFault.ValueInvalid);
        }

        return TryReserve(type, 16, out var target) && address.TryWriteBytes(target, out _);
    }

    /// <summary>An IPv6 prefix in its shortest form (RFC 3162 §2.3): Framed-IPv6-Prefix, Delegated-IPv6-Prefix.</summary>
    public bool AddIpv6Prefix(byte type, IPNetwork prefix)
    {
        Span<byte> value = stackalloc byte[18];
        var octets = AttributeFormat.WriteIpv6Prefix(prefix, value);
        return octets == 0 ? Fail(WriteFault.ValueInvalid) : AddBytes(type, value[..octets]);
    }

    /// <summary>One vendor sub-attribute in a Vendor-Specific attribute of its own (RFC 2865 §5.26), value at most 247 octets.</summary>
    public bool AddVendor(uint vendor, byte type, scoped ReadOnlySpan<byte> value)
    {
        if (!TryReserveVendor(vendor, type, value.Length, out var target))
        {
            return false;
        }

        value.CopyTo(target);
        return true;
    }

    public bool AddVendorUInt32(uint vendor, byte type, uint value)
    {
        if (!TryReserveVendor(vendor, type, 4, out var target))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(target, value);
        return true;
    }

    public bool AddVendorText(uint vendor, byte type, scoped ReadOnlySpan<char> text)
    {
        var octets = Encoding.UTF8.GetByteCount(text);
        if (!TryReserveVendor(vendor, type, octets, out var target))
        {
            return false;
        }

        Encoding.UTF8.GetBytes(text, target);
        return true;
    }

    /// <summary>A tagged number (RFC 2868 §3.1): tag in the first octet, 24 bits of value in the others.</summary>
    public bool AddTaggedUInt24(byte type, byte tag, uint value)
    {
        if (tag > AttributeFormat.MaxTag || value > 0xFFFFFF)
        {
            return Fail(WriteFault.ValueInvalid);
        }

        return AddUInt32(type, ((uint)tag << 24) | value);
    }

    /// <summary>A tagged text (RFC 2868 §3.6): tag octet, then at most 252 octets of UTF-8.</summary>
    public bool AddTaggedText(byte type, byte tag, scoped ReadOnlySpan<char> text)
    {
        if (tag > AttributeFormat.MaxTag)
        {
            return Fail(WriteFault.ValueInvalid);
        }

        var octets = Encoding.UTF8.GetByteCount(text);
        if (!TryReserve(type, 1 + octets, out var target))
        {
            return false;
        }

        target[0] = tag;
        Encoding.UTF8.GetBytes(text, target[1..]);
        return true;
    }

    /// <summary>Copies every Proxy-State of the request, unchanged and in order (RFC 2865 §5.33).</summary>
    public bool CopyProxyStates(PacketView request)
    {
        foreach (var attribute in request.Attributes)
        {
            if (attribute.Type == AttributeType.ProxyState && !AddBytes(AttributeType.ProxyState, attribute.Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Makes room for the Message-Authenticator, filled in by Finish. Call it before any other attribute: a reply that begins with it
    /// cannot be forged by an MD5 prefix collision (CVE-2024-3596).
    /// </summary>
    public bool AddMessageAuthenticatorPlaceholder()
    {
        if (_messageAuthenticatorAt != 0)
        {
            return Fail(WriteFault.SecondMessageAuthenticator);
        }

        if (!TryReserve(AttributeType.MessageAuthenticator, Digest.Length, out var target))
        {
            return false;
        }

        target.Clear();
        _messageAuthenticatorAt = _length - Digest.Length;
        return true;
    }

    private bool TryReserve(byte type, int valueLength, out Span<byte> value)
    {
        value = default;
        if (valueLength > AttributeFormat.MaxValueLength)
        {
            return Fail(WriteFault.ValueTooLong);
        }

        if (_length + 2 + valueLength > _buffer.Length || Fault == WriteFault.PacketFull)
        {
            return Fail(WriteFault.PacketFull);
        }

        _buffer[_length] = type;
        _buffer[_length + 1] = (byte)(2 + valueLength);
        value = _buffer.Slice(_length + 2, valueLength);
        _length += 2 + valueLength;
        return true;
    }

    private bool TryReserveVendor(uint vendor, byte type, int valueLength, out Span<byte> value)
    {
        if (!TryReserve(AttributeType.VendorSpecific, 6 + valueLength, out value))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(value, vendor);
        value[4] = type;
        value[5] = (byte)(2 + valueLength);
        value = value[6..];
        return true;
    }

    private bool Fail(WriteFault fault)
    {
        if (Fault == WriteFault.None)
        {
            Fault = fault;
        }

        return false;
    }
}
