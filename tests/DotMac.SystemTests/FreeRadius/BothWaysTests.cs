using System.Globalization;
using System.Net;
using System.Text;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>What a NAS sees of a FreeRADIUS in front of the platform, whichever way it is served.</summary>
public sealed class BothWaysTests(FreeRadiusFixture host) : IClassFixture<FreeRadiusFixture>
{
    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task Every_kind_of_password_is_judged(string way)
    {
        var server = host.Way(way);
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        await host.ProjectedAsync();
        foreach (var kind in new[] { "User-Password", "CHAP-Password", "MS-CHAP-Password" })
        {
            (await server.AskAsync(nas, $"User-Name = {user.Username}\n{kind} = {user.Password}")).ShouldBe("Access-Accept");
            var refused = await server.AskAsync(nas, $"User-Name = {user.Username}\n{kind} = not-it");
            refused.ShouldBe("Access-Reject")["Framed-IP-Address"].ShouldBeEmpty();
            refused["Mikrotik-Rate-Limit"].ShouldBeEmpty();
        }

        (await server.AskAsync(nas, $"User-Name = {user.Username.ToUpperInvariant()}\nUser-Password = {user.Password}")).ShouldBe(
            "Access-Accept"
        );
        (await server.AskAsync(nas, "User-Name = nobody-here\nUser-Password = whatever")).ShouldBe("Access-Reject");
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task The_reply_arrives_whole_with_both_tags(string way)
    {
        var server = host.Way(way);
        // Two lines do not share a link or a pair.
        var own = way == "rest" ? 1 : 2;
        var nas = await host.NasAsync();
        var profile = await host.ProfileAsync(50_000, 10_000);
        var number = Random.Shared.Next(1, 0xFFFF);
        var user = await host.SubscriberAsync(
            new
            {
                bandwidth_profile_id = profile,
                framed_ipv4_address = string.Create(
                    CultureInfo.InvariantCulture,
                    $"100.70.{number >> 8}.{Math.Clamp(number & 0xFF, 1, 254)}"
                ),
                framed_ipv6_prefix = $"2001:db8:{own}::/64",
                delegated_ipv6_prefix = string.Create(CultureInfo.InvariantCulture, $"2001:db8:{number:x}:100::/56"),
                vlan_id = 100,
                inner_vlan = 200 + own,
                session_timeout = 3600,
                filter_id = "gold %{User-Name} \"x\"",
            }
        );
        await host.ProjectedAsync();

        var answer = await server.ExchangeAsync(
            nas,
            new RequestBuilder(PacketCode.AccessRequest)
                .WithMessageAuthenticator()
                .Add("User-Name", user.Username)
                .UserPassword(user.Password)
        );
        answer.Code.ShouldBe(PacketCode.AccessAccept);
        answer.TryRead(out var packet).ShouldBeTrue();
        Hex(packet, AttributeType.TunnelType).ShouldBe(["0100000d", "0200000d"]);
        Hex(packet, AttributeType.TunnelMediumType).ShouldBe(["01000006", "02000006"]);
        Hex(packet, AttributeType.TunnelPrivateGroupId).ShouldBe(["01313030", $"0232303{own}"]);
        Hex(packet, AttributeType.FramedIpv6Prefix).ShouldBe([$"004020010db8000{own}00000000000000000000"]);
        Hex(packet, AttributeType.SessionTimeout).ShouldBe(["00000e10"]);
        Hex(packet, AttributeType.AcctInterimInterval).ShouldBe(["0000012c"]);
        Hex(packet, AttributeType.FilterId).ShouldBe([Convert.ToHexStringLower("gold %{User-Name} \"x\""u8)]);
        packet.Has(AttributeType.DelegatedIpv6Prefix).ShouldBeTrue();
        packet.Has(AttributeType.FramedIpAddress).ShouldBeTrue();
        packet.TryGetVendor(14988, 8, out var rate).ShouldBeTrue();
        Encoding.ASCII.GetString(rate).ShouldBe("10000k/50000k");
        packet.TryGet(AttributeType.Class, out var marker).ShouldBeTrue();
        marker[..3].ToArray().ShouldBe("dm\u0001"u8.ToArray());
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task A_refused_login_is_told_why_and_nothing_else(string way)
    {
        var server = host.Way(way);
        var nas = await host.NasAsync();
        var off = await host.CreateAsync(new() { ["enabled"] = false, ["vlan_id"] = 300 });
        var refused = await server.AskAsync(nas, $"User-Name = {off.Username}\nUser-Password = {off.Password}");
        refused.ShouldBe("Access-Reject").Attributes.ShouldBe([("Reply-Message", "The subscriber is disabled.")]);
        (await server.AskAsync(nas, $"User-Name = {off.Username}\nCHAP-Password = {off.Password}")).ShouldBe("Access-Reject");

        var owing = await host.SubscriberAsync(new { vlan_id = 301 });
        (await host.Admin.PatchAsync("/api/v1/radius/subscribers/" + owing.Id, new { suspended = true })).ShouldHave(HttpStatusCode.OK);
        await host.SettleAsync();
        await host.ProjectedAsync();
        (await server.AskAsync(nas, $"User-Name = {owing.Username}\nUser-Password = {owing.Password}"))
            .ShouldBe("Access-Reject")
            .Attributes.ShouldBe([("Reply-Message", "The subscriber is suspended.")]);

        var patch = new { walled_garden_filter_id = "pay-first" };
        (await host.Admin.PatchAsync("/api/v1/radius/subscribers/" + owing.Id, patch)).ShouldHave(HttpStatusCode.OK);
        await host.SettleAsync();
        await host.ProjectedAsync();
        (await server.AskAsync(nas, $"User-Name = {owing.Username}\nUser-Password = {owing.Password}"))
            .ShouldBe("Access-Accept")["Filter-Id"]
            .ShouldBe(["pay-first"]);
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task Option_82_is_enforced(string way)
    {
        var server = host.Way(way);
        var nas = await host.NasAsync();
        foreach (var (id, octets) in new[] { ("olt1 1/1/3:100", "olt1 1/1/3:100"), ("0x00ff10", "0x00ff10") })
        {
            var user = await host.CreateAsync(new() { ["circuit_id"] = id, ["option82_policy"] = "enforce" });
            var login = $"User-Name = {user.Username}\nUser-Password = {user.Password}\n";
            var value = octets.StartsWith("0x", StringComparison.Ordinal) ? octets : $"\"{octets}\"";
            (await server.AskAsync(nas, login + $"ADSL-Agent-Circuit-Id = {value}")).ShouldBe("Access-Accept");
            (await server.AskAsync(nas, login + "ADSL-Agent-Circuit-Id = \"elsewhere\"")).ShouldBe("Access-Reject");
            (await server.AskAsync(nas, login)).ShouldBe("Access-Reject");
        }
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task Text_that_means_something_to_FreeRADIUS_is_only_text(string way)
    {
        var server = host.Way(way);
        var nas = await host.NasAsync();
        var trap = Path.Combine(Workspace.NewFolder("trap"), "sprung");
        string[] passwords =
        [
            $"`touch {trap}`",
            "`%{User-Name}`",
            "'single quoted'",
            "\"double quoted\"",
            "back\\slash\\n",
            "%{User-Name} 100%",
            "both ' and \" within",
            "'it's'",
            "\"say \"hi\"\"",
            "p\u00e4ssw\u00f6rt-\u20ac",
        ];
        foreach (var password in passwords)
        {
            var user = await host.SubscriberAsync(new { password }, RadiusFixture.NewName("o-neil+%41:x/y@isp"));
            await host.ProjectedAsync();
            var answer = await server.ExchangeAsync(
                nas,
                new RequestBuilder(PacketCode.AccessRequest)
                    .WithMessageAuthenticator()
                    .Add("User-Name", user.Username)
                    .UserPassword(password)
            );
            answer.Code.ShouldBe(PacketCode.AccessAccept, password);
        }

        File.Exists(trap).ShouldBeFalse();
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task A_new_NAS_is_served_at_once_and_a_new_secret_after_a_while(string way)
    {
        var server = host.Way(way);
        var user = await host.SubscriberAsync();
        await host.ProjectedAsync();
        var login = $"User-Name = {user.Username}\nUser-Password = {user.Password}";
        var nas = await host.NasAsync();
        (await nas.RadclientAsync(login, from: RadiusFixture.NewAddress(), port: server.AuthPort, waitSeconds: 0.7)).ShouldBe(null);
        await host.ProjectedAsync();
        (await server.AskAsync(nas, login)).ShouldBe("Access-Accept");

        var patch = new { secret = "rotated \\ secret" };
        (await host.Admin.PatchAsync("/api/v1/radius/nas/" + nas.Id, patch)).ShouldHave(HttpStatusCode.OK);
        var rotated = nas with { Secret = patch.secret };
        await Eventually.IsTrueAsync(
            async () =>
                (
                    await server.ExchangeAsync(
                        rotated,
                        new RequestBuilder(PacketCode.AccessRequest)
                            .WithMessageAuthenticator()
                            .Add("User-Name", user.Username)
                            .UserPassword(user.Password)
                    )
                ).Code == PacketCode.AccessAccept,
            "the rotated secret is in force",
            TimeSpan.FromSeconds(90)
        );
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task Another_tenants_login_is_unknown(string way)
    {
        var server = host.Way(way);
        var nas = await host.NasAsync();
        using var other = host.Host.Api();
        var slug = RadiusFixture.NewName("other");
        (
            await host.Admin.PostAsync(
                "/api/v1/platform/tenants",
                new
                {
                    slug,
                    name = slug,
                    admin_email = slug + "@example.net",
                    admin_password = "Other-Horse-8-Battery",
                }
            )
        ).ShouldHave(HttpStatusCode.Created);
        await other.LoginAsync(slug + "@example.net", "Other-Horse-8-Battery");
        var name = RadiusFixture.NewName("theirs");
        (await other.PostAsync("/api/v1/radius/subscribers", new { username = name, password = RadiusFixture.Password })).ShouldHave(
            HttpStatusCode.Created
        );
        (await other.SendAsync(HttpMethod.Put, "/api/v1/radius/freeradius", new { enabled = true })).ShouldHave(HttpStatusCode.OK);
        await Eventually.IsTrueAsync(
            async () => (await other.GetAsync("/api/v1/radius/freeradius/drift"))["total"].GetInt32() == 0,
            "the other tenant is projected too"
        );
        (await server.AskAsync(nas, $"User-Name = {name}\nUser-Password = {RadiusFixture.Password}")).ShouldBe("Access-Reject");
    }

    private static List<string> Hex(PacketView packet, byte type)
    {
        var values = new List<string>();
        foreach (var attribute in packet.Attributes)
        {
            if (attribute.Type == type)
            {
                values.Add(Convert.ToHexStringLower(attribute.Value));
            }
        }

        return values;
    }
}
