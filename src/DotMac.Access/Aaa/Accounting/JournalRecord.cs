using System.Buffers.Binary;
using System.Net;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>
/// What a journal record holds: when and from whom a packet came, and the packet as it was. Layout: version 1, arrival (UTC ticks),
/// tenant, NAS, address length and octets, packet.
/// </summary>
internal static class JournalRecord
{
    private const byte Version = 1;
    private const int FixedBytes = 1 + 8 + 16 + 16 + 1;

    public static byte[] Write(DateTimeOffset receivedAt, NasEntry nas, IPAddress source, ReadOnlySpan<byte> packet)
    {
        Span<byte> address = stackalloc byte[16];
        source.TryWriteBytes(address, out var addressBytes);
        var record = new byte[FixedBytes + addressBytes + packet.Length];
        var span = record.AsSpan();
        span[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(span[1..], receivedAt.UtcTicks);
        nas.TenantId.TryWriteBytes(span[9..]);
        nas.Id.TryWriteBytes(span[25..]);
        span[41] = (byte)addressBytes;
        address[..addressBytes].CopyTo(span[FixedBytes..]);
        packet.CopyTo(span[(FixedBytes + addressBytes)..]);
        return record;
    }

    /// <summary>The accounting record in it; null when there is nothing in it to keep (an unknown Acct-Status-Type).</summary>
    public static AccountingRecord? Read(ReadOnlySpan<byte> payload, AaaSnapshot snapshot)
    {
        if (payload.Length < FixedBytes || payload[0] != Version)
        {
            return null;
        }

        var receivedAt = new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(payload[1..]), TimeSpan.Zero);
        var source = new IPAddress(payload.Slice(FixedBytes, payload[41]));
        return PacketView.TryParse(payload[(FixedBytes + payload[41])..], out var packet, out _)
            ? AccountingRecord.Read(packet, new Guid(payload.Slice(9, 16)), new Guid(payload.Slice(25, 16)), source, receivedAt, snapshot)
            : null;
    }
}
