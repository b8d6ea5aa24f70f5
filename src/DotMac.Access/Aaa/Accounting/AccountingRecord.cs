using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Accounting;

/// <summary>Acct-Status-Type (RFC 2866 §5.1).</summary>
internal enum AcctStatus : uint
{
    Start = 1,
    Stop = 2,
    InterimUpdate = 3,
    AccountingOn = 7,
    AccountingOff = 8,
}

/// <summary>One Accounting-Request, read. Octets are counted from the subscriber: <see cref="UploadedBytes"/> is what the subscriber sent (Acct-Input-Octets).</summary>
internal sealed record AccountingRecord
{
    public required Guid TenantId { get; init; }
    public required Guid NasId { get; init; }
    public required AcctStatus Status { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it happened at the NAS: Event-Timestamp when believable, else arrival less Acct-Delay-Time.</summary>
    public required DateTimeOffset HappenedAt { get; init; }
    public required string AcctSessionId { get; init; }
    public required string AcctUniqueId { get; init; }
    public required IPAddress NasIpAddress { get; init; }
    public Guid? SubscriberId { get; init; }
    public string? Username { get; init; }
    public string? NasPortId { get; init; }
    public string? NasPortType { get; init; }
    public string? CalledStationId { get; init; }
    public string? CallingStationId { get; init; }
    public string? ServiceType { get; init; }
    public string? FramedProtocol { get; init; }
    public string? Authentic { get; init; }
    public string? ConnectInfo { get; init; }
    public string? Class { get; init; }
    public string? TerminateCause { get; init; }
    public IPAddress? FramedIpAddress { get; init; }
    public IPAddress? FramedIpv6Address { get; init; }
    public IPNetwork? FramedIpv6Prefix { get; init; }
    public string? FramedInterfaceId { get; init; }
    public IPNetwork? DelegatedIpv6Prefix { get; init; }
    public long SessionSeconds { get; init; }
    public long UploadedBytes { get; init; }
    public long DownloadedBytes { get; init; }

    /// <summary>The record carries Gigawords (RFC 2869 §5.1), so its counters do not wrap at 2^32.</summary>
    public bool HasGigawords { get; init; }

    public bool ConcernsNas => Status is AcctStatus.AccountingOn or AcctStatus.AccountingOff;

    /// <summary>Reads a request that is known to be well formed; null when it has no Acct-Status-Type that we keep.</summary>
    public static AccountingRecord? Read(PacketView packet, in PacketOrigin origin)
    {
        if (!packet.TryGetUInt32(AttributeType.AcctStatusType, out var status) || !Enum.IsDefined((AcctStatus)status))
        {
            return null;
        }

        var username = Text(packet, AttributeType.UserName);
        var nasIp =
            packet.TryGetIpv4(AttributeType.NasIpAddress, out IPAddress v4) ? v4
            : packet.TryGetIpv6(AttributeType.NasIpv6Address, out var v6) ? v6
            : origin.Source;
        var sessionId = Text(packet, AttributeType.AcctSessionId) ?? "";
        packet.TryGetUInt32(AttributeType.AcctSessionTime, out var seconds);
        packet.TryGetOctets(AttributeType.AcctInputOctets, AttributeType.AcctInputGigawords, out var uploaded);
        packet.TryGetOctets(AttributeType.AcctOutputOctets, AttributeType.AcctOutputGigawords, out var downloaded);
        return new AccountingRecord
        {
            TenantId = origin.TenantId,
            NasId = origin.NasId,
            Status = (AcctStatus)status,
            ReceivedAt = origin.ReceivedAt,
            HappenedAt = HappenedWhen(packet, origin.ReceivedAt),
            AcctSessionId = sessionId,
            AcctUniqueId = UniqueId(packet, username, sessionId, nasIp, origin.NasId),
            NasIpAddress = nasIp,
            Username = username,
            SubscriberId = origin.SubscriberId,
            NasPortId = Text(packet, AttributeType.NasPortId) ?? Number(packet, AttributeType.NasPort),
            NasPortType = EnumText(packet, AttributeType.NasPortType),
            CalledStationId = Text(packet, AttributeType.CalledStationId),
            CallingStationId = Text(packet, AttributeType.CallingStationId),
            ServiceType = EnumText(packet, AttributeType.ServiceType),
            FramedProtocol = EnumText(packet, AttributeType.FramedProtocol),
            Authentic = EnumText(packet, AttributeType.AcctAuthentic),
            ConnectInfo = Text(packet, AttributeType.ConnectInfo),
            Class = packet.TryGet(AttributeType.Class, out var @class) ? "0x" + Convert.ToHexStringLower(@class) : null,
            TerminateCause = EnumText(packet, AttributeType.AcctTerminateCause),
            FramedIpAddress = packet.TryGetIpv4(AttributeType.FramedIpAddress, out IPAddress framed) ? framed : null,
            FramedIpv6Address = packet.TryGetIpv6(AttributeType.FramedIpv6Address, out var framed6) ? framed6 : null,
            FramedIpv6Prefix = packet.TryGetIpv6Prefix(AttributeType.FramedIpv6Prefix, out var prefix) ? prefix : null,
            FramedInterfaceId = packet.TryGet(AttributeType.FramedInterfaceId, out var ifid) ? Convert.ToHexStringLower(ifid) : null,
            DelegatedIpv6Prefix = packet.TryGetIpv6Prefix(AttributeType.DelegatedIpv6Prefix, out var delegated) ? delegated : null,
            SessionSeconds = seconds,
            UploadedBytes = (long)Math.Min(uploaded, long.MaxValue),
            DownloadedBytes = (long)Math.Min(downloaded, long.MaxValue),
            HasGigawords = packet.Has(AttributeType.AcctInputGigawords) || packet.Has(AttributeType.AcctOutputGigawords),
        };
    }

    /// <summary>A NAS whose clock is days off is not believed: its Event-Timestamp must lie within a week before and ten minutes after the arrival.</summary>
    private static DateTimeOffset HappenedWhen(PacketView packet, DateTimeOffset receivedAt)
    {
        if (
            packet.TryGetTime(AttributeType.EventTimestamp, out var stamped)
            && stamped > receivedAt.AddDays(-7)
            && stamped < receivedAt.AddMinutes(10)
        )
        {
            return stamped;
        }

        return packet.TryGetUInt32(AttributeType.AcctDelayTime, out var delay) && delay < 7 * 86_400
            ? receivedAt.AddSeconds(-delay)
            : receivedAt;
    }

    /// <summary>One session, whatever packet speaks of it: MD5 of user, session id, NAS and port, as FreeRADIUS's acct_unique does.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "A fingerprint in FreeRADIUS's format, not a protection.")]
    private static string UniqueId(PacketView packet, string? username, string sessionId, IPAddress nasIp, Guid nasId)
    {
        var text = string.Join(
            ',',
            username,
            sessionId,
            nasIp,
            nasId.ToString("N"),
            Text(packet, AttributeType.NasIdentifier),
            Text(packet, AttributeType.NasPortId),
            Number(packet, AttributeType.NasPort)
        );
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>PostgreSQL's text holds every character but NUL.</summary>
    private static string? Text(PacketView packet, byte type) =>
        packet.TryGetText(type, out var text) && text.Length > 0 ? text.Replace('\0', '\uFFFD') : null;

    private static string? Number(PacketView packet, byte type) =>
        packet.TryGetUInt32(type, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null;

    private static string? EnumText(PacketView packet, byte type) =>
        packet.TryGetUInt32(type, out var number) ? EnumName(type, number) : null;

    /// <summary>The dictionary's name of an enumerated value, else its number.</summary>
    private static string EnumName(byte type, uint number) =>
        RadiusDictionary.Default.TryFind(0, type, out var attribute) && attribute.TryGetValueName(number, out var name)
            ? name
            : number.ToString(CultureInfo.InvariantCulture);
}
