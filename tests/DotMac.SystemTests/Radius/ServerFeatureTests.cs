using System.Diagnostics;
using System.Globalization;
using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>MAC sign-on, NAS groups, several NAS behind one address, the safety report and a NAS's health, as a NAS and an operator meet them.</summary>
public sealed class ServerFeatureTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    [Fact]
    public async Task A_device_signs_on_by_its_mac_address_in_any_spelling()
    {
        var mac = $"02:00:00:{Random.Shared.Next(256):x2}:{Random.Shared.Next(256):x2}:{Random.Shared.Next(256):x2}";
        await host.SubscriberAsync(
            new
            {
                mac_address = mac,
                framed_ipv4_address = "203.0.113.91",
                simultaneous_use = 0,
            }
        );
        var nas = await host.NasAsync();
        var bare = mac.Replace(":", "", StringComparison.Ordinal);
        var dashed = mac.Replace(':', '-').ToUpperInvariant();
        foreach (var (name, password, station) in new[] { (bare, bare, mac), (dashed, dashed, dashed), (mac, "", bare) })
        {
            var accept = await nas.AccessAsync(name, password, ("Calling-Station-Id", station));
            accept.Code.ShouldBe(PacketCode.AccessAccept, $"{name} from {station}");
        }

        var check = new RequestBuilder(PacketCode.AccessRequest)
            .WithMessageAuthenticator()
            .Add("User-Name", bare)
            .Add("Service-Type", "Call-Check");
        (await nas.SendAsync(check)).Code.ShouldBe(PacketCode.AccessAccept);
        (await nas.AccessAsync(bare, bare, ("Calling-Station-Id", "02-00-00-00-00-99"))).Code.ShouldBe(PacketCode.AccessReject);
        (await nas.AccessAsync(bare, bare)).Code.ShouldBe(PacketCode.AccessReject, "without a station the NAS vouches for nothing");
        (await nas.AccessAsync("02000000ffff", "02000000ffff", ("Calling-Station-Id", "02000000ffff"))).Code.ShouldBe(
            PacketCode.AccessReject
        );
        (await nas.AccessAsync(bare, "a real password", ("Calling-Station-Id", bare))).Code.ShouldBe(PacketCode.AccessReject);
        var codes = await host.DecisionsAsync(nas, 8);
        codes.Skip(4).ShouldBe(["mac.mismatch", "mac.mismatch", "mac.unknown", "login.unknown"]);
    }

    [Fact]
    public async Task A_profile_for_certain_nas_groups_opens_at_these_alone()
    {
        var profile = await host.ProfileAsync(10_000, 2_000, new { allowed_nas_groups = new[] { "Fibre", "fibre" } });
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var (inside, outside) = (await host.NasAsync(), await host.NasAsync());
        (await host.Admin.PatchAsync($"/api/v1/radius/nas/{inside.Id}", new { nas_group = "fibre" })).ShouldHave(HttpStatusCode.OK);
        (await host.Admin.PatchAsync($"/api/v1/radius/subscribers/{user.Id}", new { bandwidth_profile_id = profile })).ShouldHave(
            HttpStatusCode.OK
        );
        await Eventually.IsTrueAsync(
            async () => (await outside.AccessAsync(user.Username, user.Password)).Code == PacketCode.AccessReject,
            "the profile is in force"
        );
        (await inside.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
        await Eventually.IsTrueAsync(
            async () => (await host.DecisionsAsync(outside, 1)).Contains("nas.not_allowed", StringComparer.Ordinal),
            "the reject is noted with its reason"
        );
        var groups = (await host.Admin.GetAsync("/api/v1/radius/nas/groups")).ShouldHave(HttpStatusCode.OK)["items"];
        var fibre = groups.EnumerateArray().Single(g => g.GetProperty("name").GetString() == "fibre");
        fibre.GetProperty("nas_count").GetInt64().ShouldBe(1);
        fibre.GetProperty("profile_count").GetInt64().ShouldBe(1);
        var listed = (await host.Admin.GetAsync("/api/v1/radius/nas?group=FIBRE")).ShouldHave(HttpStatusCode.OK)["items"];
        listed.EnumerateArray().Select(n => n.GetProperty("id").GetGuid()).ShouldBe([inside.Id]);
    }

    [Fact]
    public async Task The_safety_report_and_the_health_page_tell_what_was_seen()
    {
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var (unsafeNas, signing) = (await host.NasAsync(policy: "ignore"), await host.NasAsync());
        for (var i = 0; i < 3; i++)
        {
            var plain = new RequestBuilder(PacketCode.AccessRequest).Add("User-Name", user.Username).UserPassword(user.Password);
            (await unsafeNas.SendAsync(plain)).Code.ShouldBe(PacketCode.AccessAccept);
        }

        for (var i = 0; i < 17; i++)
        {
            (await signing.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
        }

        // Now a request without a signature is dropped there, and said to be.
        var unsigned = new RequestBuilder(PacketCode.AccessRequest).Add("User-Name", user.Username).UserPassword(user.Password);
        (await signing.SendAsync(unsigned, new RetryPolicy { Tries = 1, FirstWait = TimeSpan.FromMilliseconds(300) })).Outcome.ShouldBe(
            ExchangeOutcome.TimedOut
        );
        await Eventually.IsTrueAsync(
            async () =>
            {
                var report = (await host.Admin.GetAsync("/api/v1/radius/nas/safety")).ShouldHave(HttpStatusCode.OK)["items"];
                var items = report.EnumerateArray().ToDictionary(i => i.GetProperty("nas_id").GetGuid());
                var (bad, good) = (items[unsafeNas.Id], items[signing.Id]);
                return bad.GetProperty("verdict").GetString() == "unsafe"
                    && bad.GetProperty("unsigned_requests").GetInt64() == 3
                    && bad.GetProperty("last_unsigned_at").ValueKind == System.Text.Json.JsonValueKind.String
                    && good.GetProperty("verdict").GetString() == "safe";
            },
            "the report knows both"
        );
        ApiAnswer health = null!;
        await Eventually.IsTrueAsync(
            async () =>
            {
                // Counted in rounds: the last login and the drop may be of two.
                health = (await host.Admin.GetAsync($"/api/v1/radius/nas/{signing.Id}/health")).ShouldHave(HttpStatusCode.OK);
                return health["drops"].GetArrayLength() > 0
                    && health["minutes"].EnumerateArray().Sum(m => m.GetProperty("accepts").GetInt64()) == 17;
            },
            "the health page has the logins and the drop"
        );
        health["requests_per_second"].GetDouble().ShouldBeGreaterThan(0);
        var drop = health["drops"].EnumerateArray().Single();
        drop.GetProperty("reason").GetString().ShouldBe("missing_message_authenticator");
        drop.GetProperty("count").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_session_of_one_node_counts_on_another_within_seconds()
    {
        var user = await host.SubscriberAsync(new { simultaneous_use = 1 });
        var nas = await host.NasAsync();
        await using var second = await HostProcess.StartAsync(
            new HostOptions
            {
                Database = host.Database.Owner,
                Command = ["serve", "--roles", "aaa"],
                Environment = new Dictionary<string, string> { ["DOTMAC_KEYS"] = Path.Combine(host.Host.DataFolder, "keys") },
            }
        );
        var there = nas with { Host = second };
        var session = RadiusFixture.NewName("node");
        (string, string)[] attributes =
        [
            ("User-Name", user.Username),
            ("Acct-Session-Id", session),
            ("NAS-IP-Address", nas.Address),
            ("Calling-Station-Id", "first-device"),
        ];
        await nas.AccountAsync("Start", attributes);
        var start = Stopwatch.GetTimestamp();
        await Eventually.IsTrueAsync(
            async () =>
                (await there.AccessAsync(user.Username, user.Password, ("Calling-Station-Id", "second-device"))).Code
                == PacketCode.AccessReject,
            "the other node counts it"
        );
        Stopwatch
            .GetElapsedTime(start)
            .ShouldBeLessThan(TimeSpan.FromSeconds(20), string.Create(CultureInfo.InvariantCulture, $"{session}"));
        await nas.AccountAsync("Stop", attributes);
        await Eventually.IsTrueAsync(
            async () =>
                (await there.AccessAsync(user.Username, user.Password, ("Calling-Station-Id", "second-device"))).Code
                == PacketCode.AccessAccept,
            "and that it ended"
        );
    }
}
