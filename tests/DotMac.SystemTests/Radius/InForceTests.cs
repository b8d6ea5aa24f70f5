using System.Diagnostics;
using System.Net;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>What the API answered is what RADIUS does, within one second and without a restart.</summary>
[Collection(Alone.Name)]
public sealed class InForceTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    /// <summary>A second is promised; another one is for the machine that the tests run on.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    private readonly List<TimeSpan> waits = [];

    /// <summary>One quick look: a NAS that is not served must not cost the whole second.</summary>
    private static readonly RetryPolicy Look = new() { Tries = 1, FirstWait = TimeSpan.FromMilliseconds(150) };

    [Fact]
    public async Task A_subscriber_from_its_creation_to_its_end()
    {
        var nas = await host.NasAsync();
        var name = RadiusFixture.NewName("life");
        var path = "/api/v1/radius/subscribers/" + name;
        await ExpectAsync(nas, name, "first-password", "reject");

        await host.Admin.PostAsync("/api/v1/radius/subscribers", new { username = name, password = "first-password" }).ShouldAsync(201);
        await ExpectAsync(nas, name, "first-password", "accept");

        await host.Admin.PatchAsync(path, new { password = "second-password", framed_ipv4_address = "100.65.0.9" }).ShouldAsync(200);
        await ExpectAsync(nas, name, "second-password", "accept 100.65.0.9");
        await ExpectAsync(nas, name, "first-password", "reject");

        await host.Admin.PostAsync(path + "/disable").ShouldAsync(200);
        await ExpectAsync(nas, name, "second-password", "reject");

        await host.Admin.PostAsync(path + "/enable").ShouldAsync(200);
        await ExpectAsync(nas, name, "second-password", "accept 100.65.0.9");

        await host.Admin.PatchAsync(path, new { username = name + "-new", framed_ipv4_address = (string?)null }).ShouldAsync(200);
        await ExpectAsync(nas, name + "-new", "second-password", "accept");
        await ExpectAsync(nas, name, "second-password", "reject");

        await host.Admin.DeleteAsync(path + "-new").ShouldAsync(204);
        await ExpectAsync(nas, name + "-new", "second-password", "reject");
        MostWereInTime();
    }

    [Fact]
    public async Task A_nas_from_its_creation_to_its_end()
    {
        var user = await host.SubscriberAsync();
        var address = RadiusFixture.NewAddress();
        var nas = new TestNas(host.Host, address, "first-nas-secret", default);
        await ExpectAsync(nas, user, "silence");

        var body = new
        {
            nasname = address,
            shortname = RadiusFixture.NewName("bng"),
            type = "router",
            vendor = "mikrotik",
            secret = nas.Secret,
        };
        var made = await host.Admin.PostAsync("/api/v1/radius/nas", body).ShouldAsync(201);
        var path = "/api/v1/radius/nas/" + made["id"].GetGuid();
        await ExpectAsync(nas, user, "accept");

        await host.Admin.PatchAsync(path, new { secret = "second-nas-secret" }).ShouldAsync(200);
        await ExpectAsync(nas, user, "silence");
        nas = nas with { Secret = "second-nas-secret" };
        await ExpectAsync(nas, user, "accept");

        await host.Admin.PatchAsync(path, new { enabled = false }).ShouldAsync(200);
        await ExpectAsync(nas, user, "silence");

        await host.Admin.PatchAsync(path, new { enabled = true }).ShouldAsync(200);
        await ExpectAsync(nas, user, "accept");

        await host.Admin.DeleteAsync(path).ShouldAsync(204);
        await ExpectAsync(nas, user, "silence");
        MostWereInTime();
    }

    [Fact]
    public async Task A_change_of_a_profile_reaches_the_logins_that_have_it()
    {
        var nas = await host.NasAsync();
        var profile = await host.ProfileAsync(20_000, 5_000);
        var user = await host.SubscriberAsync(new { bandwidth_profile_id = profile });
        await ExpectAsync(nas, user, "accept 5000k/20000k");

        await host.Admin.PatchAsync($"/api/v1/radius/bandwidth-profiles/{profile}", new { upload_rate_kbps = 6_000 }).ShouldAsync(200);
        await ExpectAsync(nas, user, "accept 6000k/20000k");

        await host
            .Admin.PatchAsync("/api/v1/radius/subscribers/" + user.Username, new { bandwidth_profile_id = (Guid?)null })
            .ShouldAsync(200);
        await ExpectAsync(nas, user, "accept");
        MostWereInTime();
    }

    private void MostWereInTime() => waits.Order().ElementAt(waits.Count / 2).ShouldBeLessThan(TimeSpan.FromSeconds(1));

    private Task ExpectAsync(TestNas nas, TestSubscriber user, string outcome) => ExpectAsync(nas, user.Username, user.Password, outcome);

    /// <summary>Asks until the outcome is as expected; fails when that took longer than <see cref="Promise"/>. Then it must stay so.</summary>
    private async Task ExpectAsync(TestNas nas, string username, string password, string outcome)
    {
        var start = Stopwatch.GetTimestamp();
        var seen = await OutcomeAsync(nas, username, password);
        while (seen != outcome && Stopwatch.GetElapsedTime(start) < Promise)
        {
            await Task.Delay(10);
            seen = await OutcomeAsync(nas, username, password);
        }

        waits.Add(Stopwatch.GetElapsedTime(start));
        seen.ShouldBe(outcome, $"within {Promise} for {username}");
        seen = await OutcomeAsync(nas, username, password);
        // One quick look may come back empty from a busy machine.
        for (var more = 0; more < 2 && seen == "silence" && outcome != "silence"; more++)
        {
            seen = await OutcomeAsync(nas, username, password);
        }

        seen.ShouldBe(outcome, "and again");
    }

    /// <summary>accept (with address or rate), reject or silence.</summary>
    private static async Task<string> OutcomeAsync(TestNas nas, string username, string password)
    {
        var request = new RequestBuilder(PacketCode.AccessRequest)
            .WithMessageAuthenticator()
            .Add("User-Name", username)
            .UserPassword(password);
        var exchange = await nas.SendAsync(request, Look);
        if (!exchange.TryRead(out var reply))
        {
            return "silence";
        }

        var address = reply.TryGetIpv4(AttributeType.FramedIpAddress, out IPAddress ip) ? " " + ip : "";
        var rate = reply.TryGetVendorText(14988, 8, out var text) ? " " + text : "";
        return reply.Code == PacketCode.AccessAccept ? "accept" + address + rate : "reject";
    }
}
