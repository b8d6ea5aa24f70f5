using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Access.Coa;

/// <summary>The Disconnect- or CoA-Request of one session.</summary>
/// <remarks>
/// <b>Source:</b> RFC 5176 §2, §3. User-Name and Acct-Session-Id both go in, because strongSwan looks at the name alone and others at the
/// session alone; Event-Timestamp is fresh, because hostapd ignores requests older than 300 s; Message-Authenticator is first.
/// What is changed is said as in an Access-Accept, in the words of the NAS's vendor.
/// </remarks>
internal static class CoaPacket
{
    private const uint Mikrotik = 14988;
    private const byte MikrotikAddressList = 19; // RouterOS: puts the session's address on a list that the firewall acts upon

    /// <summary>A line that is resumed and has no filter of its own cannot be told "no filter": it is dropped and signs on anew.</summary>
    public static bool MustDrop(CoaKind kind, CoaChange change) =>
        kind == CoaKind.Disconnect || (kind == CoaKind.Resume && change.FilterId is null);

    public static byte[] Build(CoaKind kind, CoaChange change, LiveSession session, ReadOnlySpan<byte> secret, DateTimeOffset now)
    {
        var buffer = new byte[PacketView.MaxLength];
        var code = MustDrop(kind, change) ? PacketCode.DisconnectRequest : PacketCode.CoaRequest;
        var writer = new PacketWriter(buffer, code, RandomNumberGenerator.GetBytes(1)[0]);
        writer.AddMessageAuthenticatorPlaceholder();
        WriteIdentity(ref writer, session);
        writer.AddUInt32(AttributeType.EventTimestamp, (uint)now.ToUnixTimeSeconds());
        if (code == PacketCode.CoaRequest)
        {
            WriteChange(ref writer, kind, change, session.NasVendor);
        }

        var length = writer.FinishAccountingLike(secret);
        return length > 0 ? buffer[..length] : throw new InvalidOperationException($"The request cannot be built: {writer.Fault}.");
    }

    /// <summary>The attributes that say the change, without those that name the session.</summary>
    public static IReadOnlyList<PreviewedAttribute> Preview(CoaKind kind, CoaChange change, NasVendor vendor)
    {
        if (MustDrop(kind, change))
        {
            return [];
        }

        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.CoaRequest, 0);
        WriteChange(ref writer, kind, change, vendor);
        return AttributePreview.Read(
            buffer.AsSpan(PacketView.HeaderLength..writer.Length),
            DotMac.Radius.Dictionaries.RadiusDictionary.Default
        );
    }

    private static void WriteIdentity(ref PacketWriter writer, LiveSession session)
    {
        if (session.Username is { Length: > 0 } name && Fits(name))
        {
            writer.AddText(AttributeType.UserName, name);
        }

        if (Fits(session.AcctSessionId))
        {
            writer.AddText(AttributeType.AcctSessionId, session.AcctSessionId);
        }

        var nas = IPAddress.Parse(session.NasIpAddress);
        if (nas.AddressFamily == AddressFamily.InterNetwork)
        {
            writer.AddIpv4(AttributeType.NasIpAddress, nas);
        }
        else
        {
            writer.AddIpv6(AttributeType.NasIpv6Address, nas);
        }

        if (IPAddress.TryParse(session.FramedIpAddress, out var framed) && framed.AddressFamily == AddressFamily.InterNetwork)
        {
            writer.AddIpv4(AttributeType.FramedIpAddress, framed);
        }
    }

    private static void WriteChange(ref PacketWriter writer, CoaKind kind, CoaChange change, NasVendor vendor)
    {
        switch (kind)
        {
            case CoaKind.Rate:
                RateAttributes.Write(ref writer, change.Rates!, vendor);
                break;
            case CoaKind.Vlan:
                ReplyAttributes.WriteVlans(ref writer, change.VlanId, change.InnerVlan);
                break;
            case CoaKind.Ipv6Prefix:
                WritePrefix(ref writer, AttributeType.FramedIpv6Prefix, change.FramedIpv6Prefix);
                WritePrefix(ref writer, AttributeType.DelegatedIpv6Prefix, change.DelegatedIpv6Prefix);
                break;
            case CoaKind.Suspend or CoaKind.Resume:
                writer.AddText(AttributeType.FilterId, change.FilterId!);
                if (vendor == NasVendor.Mikrotik)
                {
                    writer.AddVendorText(Mikrotik, MikrotikAddressList, change.FilterId!);
                }

                break;
        }
    }

    private static void WritePrefix(ref PacketWriter writer, byte type, string? prefix)
    {
        if (CoaChange.Prefix(prefix) is { } network)
        {
            writer.AddIpv6Prefix(type, network);
        }
    }

    private static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) is > 0 and <= AttributeFormat.MaxValueLength;
}
