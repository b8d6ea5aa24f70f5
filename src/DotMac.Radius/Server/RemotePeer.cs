using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace DotMac.Radius.Server;

/// <summary>
/// Where a datagram came from: address and port, as a small value that can be copied, compared and used as a key. An IPv4 address and
/// its IPv4-mapped IPv6 form are the same peer.
/// </summary>
public readonly struct RemotePeer : IEquatable<RemotePeer>
{
    private const int Ipv4SockAddrLength = 16;
    private const int Ipv6SockAddrLength = 28;

    private readonly uint _scope;

    public RemotePeer(IPAddress address, int port)
        : this(AddressKeyOf(address), (ushort)port, ScopeOf(address)) { }

    private RemotePeer(UInt128 key, ushort port, uint scope, UInt128 local = default)
    {
        AddressKey = key;
        Port = port;
        _scope = scope;
        LocalKey = local;
    }

    /// <summary>Our address that it wrote to, from which an answer leaves; 0 when that is not known. No part of who the peer is.</summary>
    internal UInt128 LocalKey { get; }

    /// <summary>The 16 octets of the address as a number; IPv4 as ::ffff:a.b.c.d. Use it as the dictionary key of a NAS.</summary>
    public UInt128 AddressKey { get; }

    public ushort Port { get; }

    public bool IsIpv4 => AddressKey >> 32 == 0xFFFF;

    /// <summary>The address; IPv4 in its own family. Allocates.</summary>
    public IPAddress Address
    {
        get
        {
            Span<byte> octets = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(octets, AddressKey);
            return IsIpv4 ? new IPAddress(octets[12..]) : new IPAddress(octets, _scope);
        }
    }

    public static bool operator ==(RemotePeer left, RemotePeer right) => left.Equals(right);

    public static bool operator !=(RemotePeer left, RemotePeer right) => !left.Equals(right);

    /// <summary>The key under which <see cref="AddressKey"/> finds that address.</summary>
    public static UInt128 AddressKeyOf(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            octets.Clear();
            octets[10] = 0xFF;
            octets[11] = 0xFF;
            address.TryWriteBytes(octets[12..], out _);
        }
        else
        {
            address.TryWriteBytes(octets, out _);
        }

        return BinaryPrimitives.ReadUInt128BigEndian(octets);
    }

    public bool Equals(RemotePeer other) => AddressKey == other.AddressKey && Port == other.Port && _scope == other._scope;

    public override bool Equals(object? obj) => obj is RemotePeer other && Equals(other);

    public override int GetHashCode() => HashCode.Combine((ulong)(AddressKey >> 64), (ulong)AddressKey, Port);

    public override string ToString() => new IPEndPoint(Address, Port).ToString();

    /// <summary>Reads what the system filled in on receive: sockaddr_in or sockaddr_in6, in network order.</summary>
    /// <param name="local">Our address that it wrote to; 0 when the system did not tell.</param>
    internal static RemotePeer From(SocketAddress socketAddress, UInt128 local = default)
    {
        ReadOnlySpan<byte> raw = socketAddress.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(raw[2..]);
        if (socketAddress.Family == AddressFamily.InterNetwork)
        {
            return new RemotePeer(((UInt128)0xFFFF << 32) | BinaryPrimitives.ReadUInt32BigEndian(raw[4..]), port, 0, local);
        }

        return new RemotePeer(
            BinaryPrimitives.ReadUInt128BigEndian(raw[8..]),
            port,
            BinaryPrimitives.ReadUInt32LittleEndian(raw[24..]),
            local
        );
    }

    /// <summary>Fills a socket address of the listener's family with this peer. False when the family cannot hold it.</summary>
    internal bool TryWrite(SocketAddress socketAddress)
    {
        var raw = socketAddress.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(raw[2..], Port);
        if (socketAddress.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(raw[4..], (uint)AddressKey);
            socketAddress.Size = Ipv4SockAddrLength;
            return IsIpv4;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(raw[4..], 0);
        BinaryPrimitives.WriteUInt128BigEndian(raw[8..], AddressKey);
        BinaryPrimitives.WriteUInt32LittleEndian(raw[24..], _scope);
        socketAddress.Size = Ipv6SockAddrLength;
        return true;
    }

    private static uint ScopeOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv6LinkLocal ? (uint)address.ScopeId : 0;
}
