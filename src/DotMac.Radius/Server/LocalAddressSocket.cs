using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DotMac.Radius.Server;

/// <summary>
/// Receives and sends over a socket bound to "any" so that a reply leaves from the address that was asked: recvmsg and sendmsg with IP_PKTINFO
/// (ip(7)) or IPV6_PKTINFO (RFC 3542 §6.2), which .NET's sockets can read but not write. For 64-bit Linux; elsewhere, and on a socket bound to
/// one address, it is not used. A dual-stack socket tells and takes IPv4 addresses in their mapped form. Allocates nothing per datagram.
/// </summary>
internal sealed unsafe partial class LocalAddressSocket
{
    private const int SolIp = 0;
    private const int IpPktInfo = 8;
    private const int SolIpv6 = 41;
    private const int Ipv6RecvPktInfo = 49;
    private const int Ipv6PktInfo = 50;
    private const int Eintr = 4;
    private const int HeaderOctets = 16;
    private const int ControlOctets = 128;

    private readonly Socket _socket;
    private readonly bool _isIpv6;
    private readonly int _handle;

    private LocalAddressSocket(Socket socket)
    {
        _socket = socket;
        _isIpv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        _handle = (int)socket.SafeHandle.DangerousGetHandle();
    }

    /// <summary>Asks the system to tell each datagram's local address; null where that is not to be had.</summary>
    public static LocalAddressSocket? TryUse(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || !BitConverter.IsLittleEndian)
        {
            return null;
        }

        try
        {
            var isIpv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
            socket.SetRawSocketOption(isIpv6 ? SolIpv6 : SolIp, isIpv6 ? Ipv6RecvPktInfo : IpPktInfo, [1, 0, 0, 0]);
            return new LocalAddressSocket(socket);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Waits for a datagram.</summary>
    /// <param name="address">Takes the sender's socket address.</param>
    /// <param name="local">The address that it was sent to, as <see cref="RemotePeer.AddressKey"/> spells it; 0 when the system did not tell.</param>
    /// <exception cref="SocketException">As the socket itself would throw.</exception>
    public int Receive(Span<byte> buffer, SocketAddress address, out UInt128 local)
    {
        var control = stackalloc byte[ControlOctets];
        var name = address.Buffer.Span;
        fixed (byte* data = buffer)
        fixed (byte* from = name)
        {
            while (true)
            {
                var part = new Part { Base = data, Length = (nuint)buffer.Length };
                var message = new Message
                {
                    Name = from,
                    NameLength = (uint)name.Length,
                    Parts = &part,
                    PartCount = 1,
                    Control = control,
                    ControlLength = ControlOctets,
                };
                var received = recvmsg(_handle, &message, 0);
                if (received >= 0)
                {
                    address.Size = (int)message.NameLength;
                    local = Read(control, (int)message.ControlLength);
                    return (int)received;
                }

                ThrowUnless(Eintr);
            }
        }
    }

    /// <summary>Sends from a local address, or from where the system likes when it is 0.</summary>
    /// <exception cref="SocketException">As the socket itself would throw.</exception>
    public void Send(ReadOnlySpan<byte> bytes, SocketAddress address, UInt128 local)
    {
        var control = stackalloc byte[ControlOctets];
        var name = address.Buffer.Span;
        fixed (byte* data = bytes)
        fixed (byte* to = name)
        {
            var part = new Part { Base = data, Length = (nuint)bytes.Length };
            var message = new Message
            {
                Name = to,
                NameLength = (uint)address.Size,
                Parts = &part,
                PartCount = 1,
                Control = control,
                ControlLength = local == 0 ? 0 : (nuint)Write(control, local),
            };
            // Held while it is used: the number of a closed one may belong to another socket by now, and late replies come from any thread.
            var held = false;
            try
            {
                _socket.SafeHandle.DangerousAddRef(ref held);
                while (sendmsg(_handle, &message, 0) < 0)
                {
                    ThrowUnless(Eintr);
                }
            }
            finally
            {
                if (held)
                {
                    _socket.SafeHandle.DangerousRelease();
                }
            }
        }
    }

    /// <summary>A control message: length (8 octets), level (4), type (4), and the value: the address, and the interface's number.</summary>
    private UInt128 Read(byte* control, int length)
    {
        for (var at = 0; at + HeaderOctets <= length; )
        {
            var octets = (int)*(nuint*)(control + at);
            var (level, type) = (*(int*)(control + at + 8), *(int*)(control + at + 12));
            if (octets < HeaderOctets || at + octets > length)
            {
                break;
            }

            var value = new ReadOnlySpan<byte>(control + at + HeaderOctets, octets - HeaderOctets);
            if (level == SolIpv6 && type == Ipv6PktInfo && value.Length >= 20)
            {
                // A multicast destination is no source; link-local ones need the interface, which the system then chooses right itself.
                var address = BinaryPrimitives.ReadUInt128BigEndian(value);
                return value[0] == 0xFF || (value[0] == 0xFE && (value[1] & 0xC0) == 0x80) ? 0 : address;
            }

            if (level == SolIp && type == IpPktInfo && value.Length >= 12)
            {
                // ipi_spec_dst: the local address, also for what was sent to all.
                return ((UInt128)0xFFFF << 32) | BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
            }

            at += (octets + 7) & ~7;
        }

        return 0;
    }

    private int Write(byte* control, UInt128 local)
    {
        new Span<byte>(control, ControlOctets).Clear();
        var value = new Span<byte>(control + HeaderOctets, ControlOctets - HeaderOctets);
        int octets;
        if (_isIpv6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(value, local);
            octets = 20;
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)local);
            octets = 12;
        }

        *(nuint*)control = (nuint)(HeaderOctets + octets);
        *(int*)(control + 8) = _isIpv6 ? SolIpv6 : SolIp;
        *(int*)(control + 12) = _isIpv6 ? Ipv6PktInfo : IpPktInfo;
        return (HeaderOctets + octets + 7) & ~7;
    }

    private void ThrowUnless(int expected)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error == expected)
        {
            return;
        }

        ObjectDisposedException.ThrowIf(_socket.SafeHandle.IsClosed, _socket);
        throw new SocketException((int)SocketError.SocketError, $"The system refuses a datagram (errno {error}).");
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint recvmsg(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint sendmsg(int socket, Message* message, int flags);

    private struct Part
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>msghdr of 64-bit Linux; the compiler pads as C does.</summary>
    private struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
