using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>The rejects explorer, the counts, the trace of a decision and its replay.</summary>
public sealed class DecisionTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task Rejects_are_found_by_code_nas_name_and_time_page_by_page()
    {
        var nas = await api.NasAsync();
        var other = await api.NasAsync();
        var subscriber = await api.SubscriberAsync("explore@isp");
        for (var i = 0; i < 7; i++)
        {
            await api.DecideAsync(nas, subscriber, i % 2 == 0 ? "password.wrong" : "sessions.too_many", 10 + i);
        }

        await api.DecideAsync(nas, subscriber, "accepted", 5);
        await api.DecideAsync(other, null, "login.unknown", 3, username: "Nobody@isp");
        await api.DecideAsync(nas, subscriber, "password.wrong", 3, tenant: AccessApi.OtherTenant);

        var all = await ItemsAsync("");
        all.Select(d => d.Text("code"))
            .ShouldBe([
                "login.unknown",
                "password.wrong",
                "sessions.too_many",
                "password.wrong",
                "sessions.too_many",
                "password.wrong",
                "sessions.too_many",
                "password.wrong",
            ]);
        all[0].Text("username").ShouldBe("Nobody@isp");
        all[1].Text("username").ShouldBe("explore@isp");
        all[1].Text("rule").ShouldBe("password");

        (await ItemsAsync("&code=sessions.too_many")).Count.ShouldBe(3);
        (await ItemsAsync($"&nas_id={other.Text("id")}")).Single().Text("code").ShouldBe("login.unknown");
        (await ItemsAsync("&username=nobody@isp")).ShouldBeEmpty("an unknown name is kept as it was sent");
        (await ItemsAsync("&username=Nobody@isp")).Count.ShouldBe(1);
        (await ItemsAsync("&username=EXPLORE@isp")).Count.ShouldBe(7);
        (await ItemsAsync("&username=explore@isp&outcome=all")).Count.ShouldBe(8);
        (await ItemsAsync("&outcome=accept")).Single().Text("outcome").ShouldBe("accept");
        (await ItemsAsync("&outcome=all")).Count.ShouldBe(9);
        (await ItemsAsync("&outcome=all&to=" + Uri.EscapeDataString(DateTimeOffset.UtcNow.AddMinutes(-8).ToString("O")))).Count.ShouldBe(7);

        foreach (var filter in new[] { "", "&outcome=all", "&username=explore@isp" })
        {
            var whole = (await ItemsAsync(filter)).Select(d => d.Text("id")).ToList();
            var paged = new List<string>();
            string? cursor = null;
            do
            {
                var page = await api.Client.MustAsync(
                    200,
                    "GET",
                    $"radius/decisions?limit=3{filter}{(cursor is null ? "" : "&cursor=" + cursor)}"
                );
                paged.AddRange(page["items"]!.AsArray().Select(d => d!.Text("id")));
                cursor = page["next_cursor"]?.GetValue<string>();
            } while (cursor is not null);
            paged.ShouldBe(whole);
        }

        var summary = await api.Client.MustAsync(200, "GET", "radius/decisions/summary");
        (summary["accepts"]!.GetValue<int>(), summary["rejects"]!.GetValue<int>()).ShouldBe((1, 8));
        summary["codes"]!.AsArray()[0]!.Text("code").ShouldBe("password.wrong");
        summary["codes"]!.AsArray()[0]!["count"]!.GetValue<int>().ShouldBe(4);
        (await api.Client.MustAsync(200, "GET", $"radius/decisions/summary?nas_id={other.Text("id")}"))["rejects"]!
            .GetValue<int>()
            .ShouldBe(1);

        (await api.Client.MustAsync(400, "GET", "radius/decisions?outcome=maybe&code=x.y"))
            .Faults()
            .ShouldBe(["code:unknown", "outcome:unknown"]);
        (await api.Client.MustAsync(404, "GET", $"radius/decisions?nas_id={Guid.NewGuid()}")).Code().ShouldBe("nas.not_found");
    }

    [Fact]
    public async Task Why_lays_out_the_rules_in_order_with_their_data()
    {
        var nas = await api.NasAsync();
        var subscriber = await api.SubscriberAsync("trace@isp");
        (await api.Client.MustAsync(404, "GET", "radius/subscribers/trace@isp/why")).Code().ShouldBe("decision.none");

        await api.DecideAsync(nas, subscriber, "sessions.too_many", 2, data: """{"limit":1,"running":3}""");
        var why = await api.Client.MustAsync(200, "GET", "radius/subscribers/trace@isp/why");
        why["decision"]!.Text("code").ShouldBe("sessions.too_many");
        why["rules"]!
            .AsArray()
            .Select(r => $"{r!["rule"]} {r["result"]}")
            .ShouldBe([
                "request passed",
                "method passed",
                "login passed",
                "password passed",
                "state passed",
                "line passed",
                "sessions failed",
            ]);
        why["rules"]!.AsArray()[^1]!["data"]!.ToJsonString().ShouldBe("""{"limit":"1","running":"3"}""");
        why["reply"]!.AsArray().ShouldBeEmpty();

        await api.DecideAsync(nas, subscriber, "accepted", 1);
        why = await api.Client.MustAsync(200, "GET", $"subscribers/{subscriber.Text("id")}/why");
        why.Text("reply_is_of").ShouldBe("then");
        why["reply"]!.AsArray().Select(a => a!.Text("name")).ShouldContain("Acct-Interim-Interval");
        await api.Client.MustAsync(200, "PATCH", "subscribers/trace@isp", new { session_timeout = 3600 });
        (await api.Client.MustAsync(200, "GET", "subscribers/trace@isp/why")).Text("reply_is_of").ShouldBe("today");

        await api.DecideAsync(nas, null, "login.unknown", 1, username: "gh0st");
        why = await api.Client.MustAsync(200, "GET", "radius/decisions/why?username=gh0st");
        why["rules"]!
            .AsArray()
            .Select(r => r!.Text("result"))
            .ShouldBe(["passed", "passed", "failed", "not_reached", "not_reached", "not_reached", "not_reached"]);
        (await api.Client.MustAsync(400, "GET", "radius/decisions/why")).Faults().ShouldBe(["username:required"]);
        (await api.Client.MustAsync(404, "GET", "radius/subscribers/nobody/why")).Code().ShouldBe("subscriber.not_found");
        (await api.Client.MustAsync(200, "GET", "radius/decisions/" + why["decision"]!.Text("id")))["decision"]!
            .Text("username")
            .ShouldBe("gh0st");

        using var stranger = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        (await stranger.MustAsync(404, "GET", "radius/decisions/" + why["decision"]!.Text("id"))).Code().ShouldBe("decision.not_found");
        (await stranger.MustAsync(404, "GET", "radius/decisions/why?username=gh0st")).Code().ShouldBe("decision.none");
    }

    [Fact]
    public async Task A_replay_tells_what_today_would_be_the_same_and_what_not()
    {
        var nas = await api.NasAsync();
        var subscriber = await api.SubscriberAsync("again@isp");
        await api.DecideAsync(nas, subscriber, "accepted", 1);
        var path = $"radius/decisions/{await LastIdAsync("again@isp")}/replay";
        var replay = await api.Client.MustAsync(200, "POST", path);
        replay["same"]!.GetValue<bool>().ShouldBeTrue();
        replay["differences"]!.AsArray().ShouldBeEmpty();
        replay["reply"]!.AsArray().ShouldNotBeEmpty();

        await api.Client.MustAsync(200, "POST", "subscribers/again@isp/disable");
        replay = await api.Client.MustAsync(200, "POST", path);
        replay["same"]!.GetValue<bool>().ShouldBeFalse();
        replay["today"]!.Text("code").ShouldBe("login.disabled");
        replay["differences"]!.AsArray().Select(d => d!.Text("what")).ShouldBe(["outcome", "code", "subscriber_version"]);

        // Somebody nobody knew is known by now.
        await api.DecideAsync(nas, null, "login.unknown", 1, username: "newborn@isp");
        var unknown = $"radius/decisions/{await LastIdAsync("newborn@isp")}/replay";
        (await api.Client.MustAsync(200, "POST", unknown))["same"]!.GetValue<bool>().ShouldBeTrue();
        await api.SubscriberAsync("newborn@isp");
        replay = await api.Client.MustAsync(200, "POST", unknown);
        replay["today"]!.Text("code").ShouldBe("accepted");
        replay["assumptions"]!.AsArray().ShouldNotBeEmpty();
        (await api.Client.MustAsync(404, "POST", "radius/decisions/1f-1/replay")).Code().ShouldBe("decision.not_found");
        (await api.Client.MustAsync(404, "POST", "radius/decisions/zz/replay")).Code().ShouldBe("decision.not_found");
    }

    private async Task<string> LastIdAsync(string username) =>
        (await api.Client.MustAsync(200, "GET", $"radius/decisions?outcome=all&username={username}"))["items"]!.AsArray()[0]!.Text("id");

    private async Task<IReadOnlyList<JsonNode>> ItemsAsync(string filter) =>
        [.. (await api.Client.MustAsync(200, "GET", "radius/decisions?limit=100" + filter))["items"]!.AsArray().Select(d => d!)];
}
