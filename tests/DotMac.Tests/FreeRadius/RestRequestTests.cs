using System.Text.Json;
using DotMac.Access.FreeRadius;
using DotMac.Radius.Wire;

namespace DotMac.Tests.FreeRadius;

/// <summary>The spellings that FreeRADIUS 3.2.1 was seen to send, octet by octet.</summary>
public sealed class RestRequestTests
{
    [Theory]
    [InlineData("""{"NAS-Port":{"type":"integer","value":[4294967295]}}""", "0506ffffffff")]
    [InlineData("""{"Service-Type":{"type":"integer","value":["Framed-User"]}}""", "060600000002")]
    [InlineData("""{"Acct-Status-Type":{"type":"integer","value":["Interim-Update"]}}""", "280600000003")]
    [InlineData("""{"Acct-Status-Type":{"type":"integer","value":[3]}}""", "280600000003")]
    [InlineData("""{"Event-Timestamp":{"type":"date","value":["Nov 14 2023 22:13:20 UTC"]}}""", "37066553f100")]
    [InlineData("""{"Event-Timestamp":{"type":"date","value":["Jan  1 1970 00:00:01 UTC"]}}""", "370600000001")]
    [InlineData("""{"Class":{"type":"octets","value":["0x61693a00ff","0x62"]}}""", "190761693a00ff190362")]
    [InlineData("""{"Filter-Id":{"type":"string","value":["\u00C3\u00BC\/x"]}}""", "0b06c3bc2f78")]
    [InlineData("""{"Filter-Id":{"type":"string","value":["ü"]}}""", "0b04c3bc")]
    [InlineData("""{"Delegated-IPv6-Prefix":{"type":"ipv6prefix","value":["2001:db8:100::/56"]}}""", "7b0b003820010db8010000")]
    [InlineData("""{"Framed-IP-Address":{"type":"ipaddr","value":["10.255.0.1"]}}""", "08060aff0001")]
    [InlineData("""{"ADSL-Agent-Circuit-Id":{"type":"octets","value":["0x6f6c7431"]}}""", "1a0c00000de901066f6c7431")]
    [InlineData("""{"Attr-26.99999.1":{"type":"octets","value":["0xff"]}}""", "1a090001869f0103ff")]
    public void An_attribute_becomes_the_octets_it_was(string json, string octets) => Hex(json).ShouldBe(octets);

    [Theory]
    [InlineData("""{"SQL-User-Name":{"type":"string","value":["x"]}}""")]
    [InlineData("""{"Service-Type":{"type":"integer","value":["No-Such-Name"]}}""")]
    [InlineData("""{"Framed-IP-Address":{"type":"ipaddr","value":["not an address"]}}""")]
    [InlineData("""{"Class":{"type":"octets","value":["0x6"]}}""")]
    [InlineData("""{"Message-Authenticator":{"type":"octets","value":["0x00000000000000000000000000000000"]}}""")]
    [InlineData("""{"User-Name":{"type":"string","value":[null,true,{}]}}""")]
    [InlineData("""{"User-Name":7.5e400}""")]
    [InlineData("""["an","array"]""")]
    [InlineData("null")]
    public void What_cannot_be_read_is_left_out_and_nothing_fails(string json)
    {
        var hex = Hex(json);
        (hex.Length == 0 || hex.StartsWith("01", StringComparison.Ordinal)).ShouldBeTrue(hex);
    }

    [Fact]
    public void A_clear_password_is_hidden_as_in_a_packet_and_proves_what_it_proved()
    {
        using var body = JsonDocument.Parse("""{"User-Password":{"type":"string","value":["p\u00C3\u00A4ss"]}}""");
        PacketView.TryParse(RestRequest.ToPacket(body.RootElement, PacketCode.AccessRequest), out var packet, out _).ShouldBeTrue();
        packet.TryGet(AttributeType.UserPassword, out var hidden).ShouldBeTrue();
        Pap.Matches(hidden, RestRequest.Secret, packet.Authenticator, "päss"u8).ShouldBeTrue();
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("back\\slash", "back\\\\slash")]
    [InlineData("`run`", "\"`run`\"")]
    [InlineData("'quoted'", "\"'quoted'\"")]
    [InlineData("\"quoted\"", "'\"quoted\"'")]
    public void A_stored_value_survives_FreeRADIUSs_quotes(string value, string stored) => FreeRadiusText.Value(value).ShouldBe(stored);

    [Theory]
    [InlineData("10.98.0.2[4500]", "10.98.0.2=5B4500=5D")]
    [InlineData("%lX6b", "=25lX6b")]
    [InlineData("ü@isp", "ü@isp")]
    public void What_the_sql_module_escapes_is_taken_back(string text, string stored)
    {
        FreeRadiusText.SqlName(text).ShouldBe(stored);
        FreeRadiusText.FromSql(stored).ShouldBe(text);
    }

    private static string Hex(string json)
    {
        using var body = JsonDocument.Parse(json);
        return Convert.ToHexStringLower(
            RestRequest.ToPacket(body.RootElement, PacketCode.AccountingRequest).AsSpan(PacketView.HeaderLength)
        );
    }
}
