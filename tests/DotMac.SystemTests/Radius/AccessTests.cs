using System.Globalization;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>Who gets in and who does not, asked by radclient; the reason stands in radpostauth, never on the wire.</summary>
public sealed class AccessTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    [PeerTheory("radclient")]
    [InlineData("User-Password")]
    [InlineData("CHAP-Password")]
    public async Task The_right_password_opens_and_a_wrong_one_does_not(string attribute)
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });

        (await nas.RadclientAsync($"User-Name = {user.Username}\n{attribute} = \"{user.Password}\"")).ShouldBe("Access-Accept");
        (await nas.RadclientAsync($"User-Name = {user.Username}\n{attribute} = \"{user.Password}x\"")).ShouldBe("Access-Reject");

        (await host.DecisionsAsync(nas, 2)).ShouldBe(["accepted", "password.wrong"]);
        var methods = await host.Database.QueryAsync<string>("SELECT DISTINCT method FROM radpostauth WHERE nas_id = @Id", new { nas.Id });
        methods.ShouldBe([attribute == "CHAP-Password" ? "chap" : "pap"]);
    }

    [PeerFact("radclient")]
    public async Task Each_reject_says_why_in_radpostauth_and_nothing_on_the_wire()
    {
        var nas = await host.NasAsync();
        var disabled = await host.SubscriberAsync(new { enabled = false });

        var asked = new (string Attributes, string Code)[]
        {
            ("User-Name = nobody-here\nUser-Password = x", "login.unknown"),
            ($"User-Name = {disabled.Username}\nUser-Password = {disabled.Password}", "login.disabled"),
            ($"User-Name = {disabled.Username}\nUser-Password = wrong", "password.wrong"),
            ($"User-Name = {disabled.Username}\nMessage-Authenticator = 0x00", "credentials.missing"),
            ("User-Password = x", "username.missing"),
            // EAP-Response/Identity "bob"; radclient signs it, as EAP demands.
            ("User-Name = bob\nEAP-Message = 0x0200000801626f62\nMessage-Authenticator = 0x00", "method.unsupported"),
        };
        foreach (var (attributes, _) in asked)
        {
            var answer = (await nas.RadclientAsync(attributes)).ShouldBe("Access-Reject");
            answer.Attributes.Select(a => a.Name).ShouldBe(["Message-Authenticator"], answer.Output);
        }

        (await host.DecisionsAsync(nas, asked.Length)).ShouldBe(asked.Select(a => a.Code));
        var clear = await host.Database.ScalarAsync<long>(
            "SELECT count(*) FROM radpostauth p WHERE p::text LIKE @like",
            new { like = $"%{disabled.Password}%" }
        );
        clear.ShouldBe(0, "a password was stored");
    }

    [PeerFact("radclient")]
    public async Task The_whole_line_is_told_in_the_accept()
    {
        var nas = await host.NasAsync();
        var profile = await host.ProfileAsync(50_000, 10_000);
        var user = await host.SubscriberAsync(
            new
            {
                bandwidth_profile_id = profile,
                framed_ipv4_address = "100.64.3.7",
                framed_ipv4_netmask = "255.255.255.255",
                framed_ipv6_prefix = "2001:db8:3:7::/64",
                delegated_ipv6_prefix = "2001:db8:700::/56",
                vlan_id = 100,
                inner_vlan = 7,
                session_timeout = 86_400,
                idle_timeout = 900,
                filter_id = "clean-feed",
            }
        );

        var answer = await nas.RadclientAsync($"User-Name = {user.Username}\nUser-Password = {user.Password}");

        answer.ShouldBe("Access-Accept");
        answer.Attributes.Count.ShouldBe(17, answer.Output);
        answer["Class"].Single().ShouldBe("0x646d01" + Convert.ToHexStringLower(user.Id.ToByteArray()), answer.Output);
        answer["Framed-IP-Address"].ShouldBe(["100.64.3.7"]);
        answer["Framed-IP-Netmask"].ShouldBe(["255.255.255.255"]);
        answer["Framed-IPv6-Prefix"].ShouldBe(["2001:db8:3:7::/64"]);
        answer["Delegated-IPv6-Prefix"].ShouldBe(["2001:db8:700::/56"]);
        foreach (var (tag, vlan) in new[] { (1, "100"), (2, "7") })
        {
            answer[$"Tunnel-Type:{tag}"].ShouldBe(["VLAN"], answer.Output);
            answer[$"Tunnel-Medium-Type:{tag}"].ShouldBe(["IEEE-802"], answer.Output);
            answer[$"Tunnel-Private-Group-Id:{tag}"].ShouldBe([vlan], answer.Output);
        }

        answer["Session-Timeout"].ShouldBe(["86400"]);
        answer["Idle-Timeout"].ShouldBe(["900"]);
        answer["Acct-Interim-Interval"].ShouldBe(["300"]);
        answer["Filter-Id"].ShouldBe(["clean-feed"]);
        answer["Mikrotik-Rate-Limit"].ShouldBe(["10000k/50000k"], "upload comes first");
    }

    [PeerFact("radclient")]
    public async Task Another_vendor_gets_the_rates_in_its_own_words_and_a_plain_login_gets_little()
    {
        var nas = await host.NasAsync(vendor: "generic");
        var fast = await host.SubscriberAsync(
            new { bandwidth_profile_id = await host.ProfileAsync(50_000, 10_000), acct_interim_interval = 600 }
        );
        var plain = await host.SubscriberAsync();

        var answer = (await nas.RadclientAsync($"User-Name = {fast.Username}\nUser-Password = {fast.Password}")).ShouldBe("Access-Accept");
        answer["WISPr-Bandwidth-Max-Up"].ShouldBe(["10000000"]);
        answer["WISPr-Bandwidth-Max-Down"].ShouldBe(["50000000"]);
        answer["Mikrotik-Rate-Limit"].ShouldBeEmpty();
        answer["Acct-Interim-Interval"].ShouldBe(["600"]);

        var little = await nas.RadclientAsync($"User-Name = {plain.Username}\nUser-Password = {plain.Password}");
        little.Attributes.Select(a => a.Name).ShouldBe(["Message-Authenticator", "Acct-Interim-Interval", "Class"], little.Output);
    }

    [PeerFact("radclient")]
    public async Task Bursts_follow_the_rates_for_mikrotik()
    {
        var nas = await host.NasAsync();
        var more = new
        {
            download_burst_kbps = 80_000,
            upload_burst_kbps = 20_000,
            burst_threshold_percent = 75,
            burst_time_seconds = 12,
            priority = 3,
        };
        var user = await host.SubscriberAsync(new { bandwidth_profile_id = await host.ProfileAsync(50_000, 10_000, more) });

        var answer = await nas.RadclientAsync($"User-Name = {user.Username}\nUser-Password = {user.Password}");

        answer["Mikrotik-Rate-Limit"].ShouldBe(["10000k/50000k 20000k/80000k 7500k/37500k 12/12 3"]);
    }

    [PeerTheory("radclient")]
    [InlineData(true, "Access-Accept")]
    [InlineData(false, "Access-Reject")]
    public async Task Proxy_states_come_back_in_order_behind_a_first_message_authenticator(bool right, string reply)
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var password = right ? user.Password : "wrong";

        var answer = await nas.RadclientAsync(
            $"User-Name = {user.Username}\nUser-Password = {password}\nProxy-State = 0x6f6e65\nProxy-State = 0x74776f\nProxy-State = 0x6f6e65"
        );

        answer.ShouldBe(reply);
        answer["Proxy-State"].ShouldBe(["0x6f6e65", "0x74776f", "0x6f6e65"], answer.Output);

        // The same in octets: the first attribute of every reply is a Message-Authenticator (CVE-2024-3596), asked for or not.
        foreach (var signed in new[] { true, false })
        {
            var request = new RequestBuilder(PacketCode.AccessRequest).Add("User-Name", user.Username).UserPassword(password);
            request.Add("Proxy-State", "0x6f6e65");
            var exchange = await nas.SendAsync(signed ? request.WithMessageAuthenticator() : request);
            exchange.Reply.Span[20].ShouldBe(AttributeType.MessageAuthenticator);
            exchange.Reply.Span[21].ShouldBe((byte)18);
            exchange.TryRead(out var packet).ShouldBeTrue();
            packet.Code.ToString().ShouldBe(reply.Replace("-", "", StringComparison.Ordinal));
            packet.Count(AttributeType.ProxyState).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Names_of_every_shape_are_compared_as_names()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(username: RadiusFixture.NewName("zoe@isp.example+slot/1"));

        (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
        (await nas.AccessAsync(user.Username.ToUpperInvariant(), user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
        (await nas.AccessAsync(user.Username + "\0", user.Password)).Code.ShouldBe(PacketCode.AccessReject);
        (await nas.AccessAsync(user.Username + " ", user.Password)).Code.ShouldBe(PacketCode.AccessReject);
        (await nas.AccessAsync(new string('x', 253), user.Password)).Code.ShouldBe(PacketCode.AccessReject);
        (await nas.AccessAsync("ZOË", user.Password)).Code.ShouldBe(PacketCode.AccessReject);
        var bad = new RequestBuilder(PacketCode.AccessRequest).Add(AttributeType.UserName, [0xff, 0xfe, 0x00, 0x80]).UserPassword("x");
        (await nas.SendAsync(bad)).Code.ShouldBe(PacketCode.AccessReject);
        // What was asked is noted even so.
        (await host.DecisionsAsync(nas, 7))
            .Count(c => c == "login.unknown")
            .ShouldBe(5);
    }

    [Fact]
    public async Task A_password_of_every_length_that_pap_can_carry_is_taken()
    {
        var nas = await host.NasAsync();
        foreach (var length in new[] { 15, 16, 17, 64, 128 })
        {
            var password = string.Concat(Enumerable.Repeat("a8x-", 32))[..length];
            var user = await host.SubscriberAsync(new { password });
            (await nas.AccessAsync(user.Username, password)).Code.ShouldBe(
                PacketCode.AccessAccept,
                length.ToString(CultureInfo.InvariantCulture)
            );
            foreach (var wrong in new[] { password[..^1], password[..^1] + "y", "" })
            {
                (await nas.AccessAsync(user.Username, wrong)).Code.ShouldBe(PacketCode.AccessReject, wrong);
            }
        }
    }
}
