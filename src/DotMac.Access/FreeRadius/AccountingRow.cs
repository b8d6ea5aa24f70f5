using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// A row of FreeRADIUS's radacct, as it stood after a record, made into the Accounting-Request that led to it: from there it goes the way of
/// every record (journal, projection, usage, live sessions). Text in it was escaped by the sql module and is taken back.
/// </summary>
internal sealed class AccountingRow(JsonElement row)
{
    private const int LongestText = 253;

    public IPAddress? NasAddress => IPAddress.TryParse(Plain("nasipaddress"), out var address) ? address : null;

    public string? Username => FreeRadiusText.FromSql(Plain("username"));

    /// <param name="status">Acct-Status-Type (RFC 2866 §5.1).</param>
    public byte[] ToPacket(uint status)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, PacketCode.AccountingRequest, 0);
        writer.AddUInt32(AttributeType.AcctStatusType, status);
        AddText(ref writer, AttributeType.UserName, "username");
        AddText(ref writer, AttributeType.AcctSessionId, "acctsessionid");
        AddAddress(ref writer, AttributeType.NasIpAddress, AttributeType.NasIpv6Address, "nasipaddress");
        AddPort(ref writer);
        AddNumber(ref writer, AttributeType.NasPortType, "nasporttype");
        AddNumber(ref writer, AttributeType.AcctAuthentic, "acctauthentic");
        AddNumber(ref writer, AttributeType.ServiceType, "servicetype");
        AddNumber(ref writer, AttributeType.FramedProtocol, "framedprotocol");
        AddText(ref writer, AttributeType.CalledStationId, "calledstationid");
        AddText(ref writer, AttributeType.CallingStationId, "callingstationid");
        AddText(ref writer, AttributeType.ConnectInfo, status == Stop ? "connectinfo_stop" : "connectinfo_start");
        AddClass(ref writer);
        AddAddress(ref writer, AttributeType.FramedIpAddress, AttributeType.FramedIpv6Address, "framedipaddress");
        AddAddress(ref writer, AttributeType.FramedIpAddress, AttributeType.FramedIpv6Address, "framedipv6address");
        AddPrefix(ref writer, AttributeType.FramedIpv6Prefix, "framedipv6prefix");
        AddPrefix(ref writer, AttributeType.DelegatedIpv6Prefix, "delegatedipv6prefix");
        AddInterface(ref writer);
        AddTime(ref writer, status);
        if (status != Start)
        {
            writer.AddUInt32(AttributeType.AcctSessionTime, (uint)Math.Clamp(Long("acctsessiontime"), 0, uint.MaxValue));
            AddOctets(ref writer, AttributeType.AcctInputOctets, AttributeType.AcctInputGigawords, Long("acctinputoctets"));
            AddOctets(ref writer, AttributeType.AcctOutputOctets, AttributeType.AcctOutputGigawords, Long("acctoutputoctets"));
        }

        if (status == Stop)
        {
            AddNumber(ref writer, AttributeType.AcctTerminateCause, "acctterminatecause");
        }

        return buffer[..writer.FinishAccountingLike(RestRequest.Secret)];
    }

    private const uint Start = 1;
    private const uint Stop = 2;

    private void AddText(ref PacketWriter writer, byte type, string column)
    {
        if (FreeRadiusText.FromSql(Plain(column)) is { Length: > 0 } text && Encoding.UTF8.GetByteCount(text) <= LongestText)
        {
            writer.AddText(type, text);
        }
    }

    /// <summary>The stock queries write it as <c>%{%{NAS-Port-ID}:-%{NAS-Port}}</c>: expanded twice, escaped twice.</summary>
    private void AddPort(ref PacketWriter writer)
    {
        if (
            FreeRadiusText.FromSql(FreeRadiusText.FromSql(Plain("nasportid"))) is { Length: > 0 } text
            && Encoding.UTF8.GetByteCount(text) <= LongestText
        )
        {
            writer.AddText(AttributeType.NasPortId, text);
        }
    }

    /// <summary>Stored as hex, when the operator has FreeRADIUS store it at all.</summary>
    private void AddClass(ref PacketWriter writer)
    {
        if (
            Plain("class") is ['0', 'x', .. { Length: > 0 and <= 2 * LongestText } hex]
            && hex.Length % 2 == 0
            && hex.All(char.IsAsciiHexDigit)
        )
        {
            writer.AddBytes(AttributeType.Class, Convert.FromHexString(hex));
        }
    }

    private void AddNumber(ref PacketWriter writer, byte type, string column)
    {
        if (
            Plain(column) is { Length: > 0 } text
            && (
                uint.TryParse(text, CultureInfo.InvariantCulture, out var number)
                || (
                    RadiusDictionary.Default.TryFind(0, type, out var attribute)
                    && attribute.TryGetValueNumber(FreeRadiusText.FromSql(text)!, out var named)
                    && (number = (uint)named) == named
                )
            )
        )
        {
            writer.AddUInt32(type, number);
        }
    }

    private void AddAddress(ref PacketWriter writer, byte ipv4, byte ipv6, string column)
    {
        // PostgreSQL writes an inet with its mask when that is not the whole address.
        if (IPAddress.TryParse(Plain(column)?.Split('/')[0], out var address))
        {
            writer.AddBytes(address.GetAddressBytes().Length == 4 ? ipv4 : ipv6, address.GetAddressBytes());
        }
    }

    private void AddPrefix(ref PacketWriter writer, byte type, string column)
    {
        if (
            Plain(column) is { Length: > 0 } text
            && RestRequest.Ipv6Prefix(text.Contains('/', StringComparison.Ordinal) ? text : text + "/128") is { } prefix
        )
        {
            writer.AddBytes(type, prefix);
        }
    }

    private void AddInterface(ref PacketWriter writer)
    {
        if (Plain("framedinterfaceid") is { Length: > 0 } text && RestRequest.InterfaceId(FreeRadiusText.FromSql(text)!) is { } octets)
        {
            writer.AddBytes(AttributeType.FramedInterfaceId, octets);
        }
    }

    private void AddTime(ref PacketWriter writer, uint status)
    {
        var at = status switch
        {
            Start => Plain("acctstarttime"),
            Stop => Plain("acctstoptime"),
            _ => Plain("acctupdatetime") ?? Plain("acctstarttime"),
        };
        if (
            DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.ToUnixTimeSeconds() is > 0 and <= uint.MaxValue and var seconds
        )
        {
            writer.AddUInt32(AttributeType.EventTimestamp, (uint)seconds);
        }
    }

    /// <summary>RFC 2869 §5.1, §5.2: the low 32 bits, and how often they overflowed.</summary>
    private static void AddOctets(ref PacketWriter writer, byte low, byte high, long octets)
    {
        var count = (ulong)Math.Max(0, octets);
        writer.AddUInt32(low, (uint)count);
        if (count > uint.MaxValue)
        {
            writer.AddUInt32(high, (uint)(count >> 32));
        }
    }

    private long Long(string column) =>
        row.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : 0;

    private string? Plain(string column) =>
        row.TryGetProperty(column, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
