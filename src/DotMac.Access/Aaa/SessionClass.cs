using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// The Class of our Access-Accepts (RFC 2865 §5.25): whom was accepted. The NAS sends it back unchanged in accounting, and so a session stays its
/// subscriber's whatever the NAS makes of the User-Name and although the login is renamed meanwhile. 19 octets: <c>dm</c>, version 1, the
/// subscriber's id. Not every NAS returns it (strongSwan does not); then the User-Name tells.
/// </summary>
internal static class SessionClass
{
    private const int Length = 19;

    private static ReadOnlySpan<byte> Mark => [(byte)'d', (byte)'m', 1];

    public static void AddTo(ref PacketWriter reply, Login login)
    {
        Span<byte> value = stackalloc byte[Length];
        Mark.CopyTo(value);
        login.SubscriberId.TryWriteBytes(value[Mark.Length..]);
        reply.AddBytes(AttributeType.Class, value);
    }

    /// <summary>The subscriber of an accounting packet: of the Class that we gave, else of the User-Name; only ever one of this tenant.</summary>
    public static Guid? SubscriberOf(PacketView packet, Guid tenantId, AaaSnapshot snapshot)
    {
        if (
            packet.TryGet(AttributeType.Class, out var value)
            && value.Length == Length
            && value.StartsWith(Mark)
            && snapshot.Find(tenantId, new Guid(value[Mark.Length..])) is { } accepted
        )
        {
            return accepted.SubscriberId;
        }

        return packet.TryGetText(AttributeType.UserName, out var name) ? snapshot.Find(tenantId, name)?.SubscriberId : null;
    }
}
