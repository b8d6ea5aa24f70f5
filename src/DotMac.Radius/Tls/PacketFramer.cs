using System.Buffers.Binary;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Tls;

/// <summary>Cuts a stream into packets by their length field (RFC 6613 §2.6). A stream that lost its place cannot find it again.</summary>
internal sealed class PacketFramer(Stream stream)
{
    private readonly byte[] _buffer = new byte[4 * PacketView.MaxLength];
    private int _start;
    private int _end;

    /// <summary>The packet last read; valid until the next is asked for.</summary>
    public ReadOnlyMemory<byte> Packet { get; private set; }

    /// <summary>Whether the length field was one that no packet has, or the stream ended within a packet.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>False at the end of the stream, and when it is broken.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (IsBroken)
        {
            return false;
        }

        while (true)
        {
            var waiting = _end - _start;
            if (waiting >= 4)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 2));
                if (length is < PacketView.HeaderLength or > PacketView.MaxLength)
                {
                    IsBroken = true;
                    return false;
                }

                if (waiting >= length)
                {
                    Packet = _buffer.AsMemory(_start, length);
                    _start += length;
                    return true;
                }
            }

            if (_buffer.Length - _start < PacketView.MaxLength)
            {
                _buffer.AsSpan(_start, waiting).CopyTo(_buffer);
                (_start, _end) = (0, waiting);
            }

            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                IsBroken = waiting > 0;
                return false;
            }

            _end += read;
        }
    }
}
