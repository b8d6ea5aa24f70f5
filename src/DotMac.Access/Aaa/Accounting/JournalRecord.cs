using System.Buffers.Binary;
using System.Net;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>When and from whom a packet came, and whose session it speaks of, as it was known on arrival.</summary>
/// <param name="SubscriberId">The subscriber of the packet's User-Name; null when nobody had that name.</param>
internal readonly record struct PacketOrigin(DateTimeOffset ReceivedAt, Guid TenantId, Guid NasId, Guid? SubscriberId, IPAddress Source);

/// <summary>
/// What a journal record holds: the packet's origin, and the packet as it was. Layout: version 1, arrival (UTC ticks), tenant, NAS,
/// subscriber (zero: none), address length and octets, packet.
/// </summary>
internal static class JournalRecord
{
    private const byte Version = 1;
    private const int TenantAt = 9;
    private const int NasAt = 25;
    private const int SubscriberAt = 41;
    private const int AddressAt = 57;
    private const int FixedBytes = AddressAt + 1;

    public static byte[] Write(in PacketOrigin origin, ReadOnlySpan<byte> packet)
    {
        Span<byte> address = stackalloc byte[16];
        origin.Source.TryWriteBytes(address, out var addressBytes);
        var record = new byte[FixedBytes + addressBytes + packet.Length];
        var span = record.AsSpan();
        span[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(span[1..], origin.ReceivedAt.UtcTicks);
        origin.TenantId.TryWriteBytes(span[TenantAt..]);
        origin.NasId.TryWriteBytes(span[NasAt..]);
        (origin.SubscriberId ?? Guid.Empty).TryWriteBytes(span[SubscriberAt..]);
        span[AddressAt] = (byte)addressBytes;
        address[..addressBytes].CopyTo(span[FixedBytes..]);
        packet.CopyTo(span[(FixedBytes + addressBytes)..]);
        return record;
    }

    /// <summary>The accounting record in it; null when there is nothing in it to keep (an unknown Acct-Status-Type).</summary>
    public static AccountingRecord? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < FixedBytes || payload[0] != Version)
        {
            return null;
        }

        var subscriber = new Guid(payload.Slice(SubscriberAt, 16));
        var origin = new PacketOrigin(
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(payload[1..]), TimeSpan.Zero),
            new Guid(payload.Slice(TenantAt, 16)),
            new Guid(payload.Slice(NasAt, 16)),
            subscriber == Guid.Empty ? null : subscriber,
            new IPAddress(payload.Slice(FixedBytes, payload[AddressAt]))
        );
        return PacketView.TryParse(payload[(FixedBytes + payload[AddressAt])..], out var packet, out _)
            ? AccountingRecord.Read(packet, origin)
            : null;
    }
}
