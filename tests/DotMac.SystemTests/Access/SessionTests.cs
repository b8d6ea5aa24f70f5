using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>Sessions, history, usage, decisions and the live stream, read through the API.</summary>
public sealed class SessionTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task Open_and_ended_sessions_are_listed_searched_and_read()
    {
        var nas = await api.NasAsync();
        var subscriber = await api.SubscriberAsync("list@isp");
        var open = await api.SessionAsync(nas, subscriber, "L-open", username: "List@ISP");
        var ended = await api.SessionAsync(nas, subscriber, "L-ended", startedMinutesAgo: 90, stoppedMinutesAgo: 30);

        var page = await api.Client.MustAsync(200, "GET", "radius/sessions?username=LIST@isp&count=true");
        page["total"]!.GetValue<int>().ShouldBe(1);
        var item = page["items"]!.AsArray().Single()!;
        item.Text("id").ShouldBe(open);
        item.Text("framed_ipv4_address").ShouldBe("100.64.9.9");
        item.Text("delegated_ipv6_prefix").ShouldBe("2001:db8:900::/56");
        item["nas"]!.Text("shortname").ShouldBe(nas.Text("shortname"));
        item["uploaded_bytes"]!.GetValue<long>().ShouldBe(1000);
        item["download_bps"]!.GetValue<long>().ShouldBe(900);
        item["duration_seconds"]!.GetValue<long>().ShouldBeInRange(295, 360);

        (await IdsAsync("radius/sessions?username=list@isp&active=false")).ShouldBe([ended]);
        (await IdsAsync("subscribers/list@isp/sessions")).ShouldBe([open, ended]);
        (await IdsAsync($"radius/sessions?nas_id={nas.Text("id")}")).ShouldBe([open]);
        foreach (var q in new[] { "l-OPEN", "list@", "64.9.9", "bb-cc", nas.Text("shortname") })
        {
            (await IdsAsync($"radius/sessions?nas_id={nas.Text("id")}&q={q}")).ShouldBe([open], q);
        }

        (await api.Client.MustAsync(200, "GET", "radius/sessions/" + ended)).Text("terminate_cause").ShouldBe("User-Request");
        (await api.Client.MustAsync(200, "GET", "radius/sessions/" + item.Text("acct_unique_id"))).Text("id").ShouldBe(open);
        using var other = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        (await other.MustAsync(404, "GET", "radius/sessions/" + open)).Code().ShouldBe("session.not_found");
        (await other.MustAsync(200, "GET", "radius/sessions?q=list@"))["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_of_sessions_stay_right_while_new_ones_come()
    {
        var nas = await api.NasAsync();
        for (var i = 0; i < 9; i++)
        {
            await api.SessionAsync(
                nas,
                null,
                $"P-{i}",
                username: "pager",
                startedMinutesAgo: 100 - i,
                stoppedMinutesAgo: i < 4 ? 10 : null
            );
        }

        foreach (var (active, count) in new[] { ("true", 5), ("false", 4) })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await api.Client.MustAsync(
                    200,
                    "GET",
                    $"radius/sessions?nas_id={nas.Text("id")}&q=P-&limit=2&active={active}" + (cursor is null ? "" : "&cursor=" + cursor)
                );
                seen.AddRange(page["items"]!.AsArray().Select(i => i!.Text("acct_session_id")));
                cursor = page["next_cursor"]?.GetValue<string>();
                await api.SessionAsync(
                    nas,
                    null,
                    "new",
                    username: "pager",
                    startedMinutesAgo: 0,
                    stoppedMinutesAgo: active == "false" ? 0 : null
                );
            } while (cursor is not null);

            seen.Where(s => s != "new").Count().ShouldBe(count);
            seen.Distinct().Count().ShouldBe(seen.Count);
        }

        (await api.Client.MustAsync(400, "GET", "radius/sessions?cursor=x")).Faults().ShouldBe(["cursor:bad_cursor"]);
    }

    [Fact]
    public async Task Usage_has_a_bucket_for_every_hour_and_the_tenants_day()
    {
        var subscriber = await api.SubscriberAsync("usage@isp");
        await api.Database.ExecuteAsync("UPDATE tenants SET time_zone = 'Africa/Lagos' WHERE tenant_id = @t", new { t = AccessApi.Tenant });
        foreach (var (hour, up) in new[] { ("2026-03-01T22:00:00Z", 10), ("2026-03-01T23:00:00Z", 20), ("2026-03-02T01:00:00Z", 30) })
        {
            await api.Database.ExecuteAsync(
                "INSERT INTO usage_hourly VALUES (@t, @s, @hour::timestamptz, @up, @up * 10)",
                new
                {
                    t = AccessApi.Tenant,
                    s = Guid.Parse(subscriber.Text("id")),
                    hour,
                    up,
                }
            );
        }

        await api.Database.ExecuteAsync(
            "INSERT INTO usage_daily VALUES (@t, @s, '2026-03-01', 10, 100), (@t, @s, '2026-03-02', 50, 500)",
            new { t = AccessApi.Tenant, s = Guid.Parse(subscriber.Text("id")) }
        );

        var hours = await api.Client.MustAsync(
            200,
            "GET",
            "subscribers/usage@isp/usage?from=2026-03-01T21:30:00Z&to=2026-03-02T02:00:00Z&step=hour"
        );
        hours["items"]!.AsArray().Select(i => i!["uploaded_bytes"]!.GetValue<long>()).ShouldBe([0, 10, 20, 0, 30]);
        hours["items"]![0]!.Text("at").ShouldStartWith("2026-03-01T21:00:00");
        hours["total"]!["downloaded_bytes"]!.GetValue<long>().ShouldBe(600);

        // In Lagos (UTC+1) 23:00 UTC is the next day.
        var days = await api.Client.MustAsync(
            200,
            "GET",
            "radius/subscribers/usage@isp/usage?from=2026-02-28T23:00:00Z&to=2026-03-03T23:00:00Z&step=day"
        );
        days["items"]!.AsArray().Select(i => i!["uploaded_bytes"]!.GetValue<long>()).ShouldBe([10, 50, 0]);
        days["items"]![1]!.Text("at").ShouldStartWith("2026-03-01T23:00:00");

        (await api.Client.MustAsync(200, "GET", "subscribers/usage@isp/usage"))["items"]!.AsArray().Count.ShouldBeInRange(24, 25);
        (await api.Client.MustAsync(400, "GET", "subscribers/usage@isp/usage?step=minute")).Faults().ShouldBe(["step:unknown"]);
        (await api.Client.MustAsync(400, "GET", "subscribers/usage@isp/usage?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"))
            .Faults()
            .ShouldBe(["from:out_of_range"]);
        (await api.Client.MustAsync(400, "GET", "subscribers/usage@isp/usage?from=2020-03-02T00:00:00Z"))
            .Faults()
            .ShouldBe(["from:out_of_range"]);
    }

    [Fact]
    public async Task Decisions_say_why()
    {
        var nas = await api.NasAsync();
        var subscriber = await api.SubscriberAsync("why@isp");
        await api.DecideAsync(nas, subscriber, "password.wrong", 2);
        await api.DecideAsync(nas, subscriber, "accepted", 1);

        var items = (await api.Client.MustAsync(200, "GET", "subscribers/why@isp/decisions?limit=5"))["items"]!.AsArray();
        items.Select(i => (i!.Text("outcome"), i!.Text("code"))).ShouldBe([("accept", "accepted"), ("reject", "password.wrong")]);
        items[0]!["nas"]!.Text("shortname").ShouldBe(nas.Text("shortname"));
        (await api.Client.MustAsync(404, "GET", "subscribers/nobody/decisions")).Code().ShouldBe("subscriber.not_found");
    }

    [Fact]
    public async Task The_stream_tells_of_a_session_that_comes_changes_and_goes_and_of_no_other_tenants()
    {
        var nas = await api.NasAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var request = new HttpRequestMessage(HttpMethod.Get, "radius/sessions/stream");
        using var response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(limit.Token).GetAsyncEnumerator(limit.Token);

        (await events.MoveNextAsync()).ShouldBeTrue();
        while (events.Current.EventType != "ping")
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
        }

        await api.SessionAsync(nas, null, "S-foreign", username: "foreign", tenant: AccessApi.OtherTenant);
        await api.NotifyAsync(AccessApi.OtherTenant);
        var id = await api.SessionAsync(nas, null, "S-live", username: "live");
        await api.NotifyAsync(AccessApi.Tenant);
        var came = await NextSessionAsync();
        (came.Text("id"), came.Text("username"), came["stopped_at"]?.ToString()).ShouldBe((id, "live", null));

        await api.EndAsync(id);
        await api.NotifyAsync(AccessApi.Tenant);
        var went = await NextSessionAsync();
        went.Text("id").ShouldBe(id);
        went["stopped_at"].ShouldNotBeNull();
        went.Text("terminate_cause").ShouldBe("Admin-Reset");

        async Task<JsonNode> NextSessionAsync()
        {
            do
            {
                (await events.MoveNextAsync()).ShouldBeTrue();
            } while (events.Current.EventType != "session");

            events.Current.EventId.ShouldNotBeNull();
            return JsonNode.Parse(events.Current.Data)!;
        }
    }

    [Fact]
    public async Task The_stream_pings_when_nothing_happens()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var other = api.As(AccessApi.OtherTenant, "isp.radius.read");
        await using var stream = await other.GetStreamAsync("radius/sessions/stream", limit.Token);
        var pings = new List<DateTimeOffset>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            if (item.EventType == "ping")
            {
                pings.Add(JsonNode.Parse(item.Data)!["at"]!.GetValue<DateTimeOffset>());
                if (pings.Count == 2)
                {
                    break;
                }
            }
        }

        (pings[1] - pings[0]).TotalSeconds.ShouldBeInRange(9, 20);
    }

    private async Task<string[]> IdsAsync(string path) =>
        [.. (await api.Client.MustAsync(200, "GET", path))["items"]!.AsArray().Select(i => i!.Text("id"))];
}
