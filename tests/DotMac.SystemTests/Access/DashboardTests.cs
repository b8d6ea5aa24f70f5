using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>The home page's figures against rows made for them.</summary>
public sealed class DashboardTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task The_figures_are_the_tenants_and_what_is_wrong_is_named()
    {
        var empty = await api.Client.MustAsync(200, "GET", "dashboard");
        empty["sessions_online"]!.GetValue<int>().ShouldBe(0);
        empty["attention"]!.AsArray().ShouldBeEmpty();
        empty["auth"]!["series"]!.AsArray().Count.ShouldBe(12);

        var silent = await api.NasAsync(secret: "testing123");
        var good = await api.NasAsync();
        await ActivityAsync(silent, minutesAgo: 40, unsigned: 3);
        await ActivityAsync(good, minutesAgo: 1, unsigned: 0);
        var subscriber = await api.SubscriberAsync("home@isp");
        await api.SubscriberAsync("home-off@isp", new { enabled = false });
        await api.SessionAsync(silent, subscriber, "H1");
        await api.SessionAsync(silent, subscriber, "H2");
        await api.SessionAsync(good, null, "H3", username: "x", stoppedMinutesAgo: 1);
        for (var i = 0; i < 7; i++)
        {
            await api.DecideAsync(good, subscriber, i < 5 ? "password.wrong" : "login.disabled", i);
        }

        await api.DecideAsync(good, subscriber, "accepted", 1);
        await api.DecideAsync(good, subscriber, "password.wrong", 90);
        await api.Database.ExecuteAsync(
            "INSERT INTO outbox (tenant_id, id, type, payload, dead_at) VALUES (@t, gen_random_uuid(), 'x', '{}', now())",
            new { t = AccessApi.Tenant }
        );
        await api.Database.ExecuteAsync("UPDATE radacct SET acctupdatetime = now() - interval '1 hour' WHERE acctsessionid = 'H2'");

        var home = await api.Client.MustAsync(200, "GET", "dashboard");
        home["sessions_online"]!.GetValue<int>().ShouldBe(2);
        home["subscribers"]!.ToJsonString().ShouldBe("""{"total":2,"enabled":1,"online":1}""");
        home["nas"]!.ToJsonString().ShouldBe("""{"total":2,"seen_recently":1}""");
        home["throughput"]!.ToJsonString().ShouldBe("""{"upload_bps":200,"download_bps":1800}""");
        var auth = home["auth"]!;
        (auth["accepts"]!.GetValue<int>(), auth["rejects"]!.GetValue<int>(), auth["window_minutes"]!.GetValue<int>()).ShouldBe((1, 7, 60));
        auth["by_reason"]!.ToJsonString().ShouldBe("""[{"code":"password.wrong","count":5},{"code":"login.disabled","count":2}]""");
        auth["series"]!.AsArray().Sum(b => b!["rejects"]!.GetValue<int>()).ShouldBe(7);
        home["attention"]!
            .AsArray()
            .Select(a => a!.Text("kind"))
            .ShouldBe(["events.given_up", "nas.silent", "nas.unsigned", "nas.weak_secret", "sessions.stale", "login.rejected"]);
        var rejected = home["attention"]!.AsArray()[^1]!;
        rejected.Text("title").ShouldContain("home@isp was rejected 7 times");
        rejected.Text("href").ShouldBe("/subscribers/" + subscriber.Text("id"));

        using var other = api.As(AccessApi.OtherTenant, "dashboard.read");
        (await other.MustAsync(200, "GET", "dashboard")).ToJsonString().ShouldNotContain("home@isp");
        (await other.MustAsync(200, "GET", "dashboard"))["sessions_online"]!.GetValue<int>().ShouldBe(0);
    }

    private Task ActivityAsync(JsonNode nas, int minutesAgo, int unsigned) =>
        api.Database.ExecuteAsync(
            "INSERT INTO nas_activity (tenant_id, nas_id, last_seen_at, unsigned_requests) VALUES (@t, @n, now() - @minutesAgo * interval '1 minute', @unsigned)",
            new
            {
                t = AccessApi.Tenant,
                n = Guid.Parse(nas.Text("id")),
                minutesAgo,
                unsigned,
            }
        );
}
