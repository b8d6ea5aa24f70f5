namespace DotMac.SystemTests.Access;

/// <summary>The list of subscribers through the API: paging while others write, filters, order, export.</summary>
public sealed class SubscriberListTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task A_page_stays_right_while_others_add_and_remove()
    {
        for (var i = 0; i < 20; i++)
        {
            await api.SubscriberAsync($"page-{i:00}@isp", new { full_name = i % 2 == 0 ? "Even" : null });
        }

        foreach (
            var sort in new[]
            {
                "username",
                "-username",
                "full_name",
                "-full_name",
                "created_at",
                "-created_at",
                "-updated_at",
                "subscriber_number",
            }
        )
        {
            var seen = new List<string>();
            string? cursor = null;
            var pages = 0;
            do
            {
                var page = await api.Client.MustAsync(
                    200,
                    "GET",
                    $"subscribers?q=page-&limit=6&sort={sort}" + (cursor is null ? "" : "&cursor=" + cursor)
                );
                seen.AddRange(page["items"]!.AsArray().Select(i => i!.Text("username")));
                cursor = page["next_cursor"]?.GetValue<string>();
                // Beside each page somebody comes and somebody who was already shown goes.
                await api.SubscriberAsync($"page-{sort}-{pages}@isp".Replace("--", "-", StringComparison.Ordinal));
                await api.Client.MustAsync(
                    204,
                    "DELETE",
                    $"subscribers/page-{sort}-{pages++}@isp".Replace("--", "-", StringComparison.Ordinal)
                );
            } while (cursor is not null);

            seen.Count.ShouldBe(seen.Distinct().Count(), sort);
            seen.Count(u => u.Length == "page-00@isp".Length).ShouldBe(20, sort);
        }

        var wrong = await api.Client.MustAsync(400, "GET", "subscribers?sort=password");
        wrong.Faults().ShouldBe(["sort:unknown"]);
        var first = await api.Client.MustAsync(200, "GET", "subscribers?limit=1&sort=username");
        foreach (var cursor in new[] { "nonsense", first.Text("next_cursor") })
        {
            var sort = cursor.Length > 20 ? "-created_at" : "username";
            (await api.Client.MustAsync(400, "GET", $"subscribers?sort={sort}&cursor={cursor}")).Faults().ShouldBe(["cursor:bad_cursor"]);
        }
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var profile = await api.Client.MustAsync(
            201,
            "POST",
            "radius/bandwidth-profiles",
            new
            {
                name = "filter",
                download_rate_kbps = 1000,
                upload_rate_kbps = 500,
            }
        );
        var nas = await api.NasAsync();
        var on = await api.SubscriberAsync("filter-on@isp", new { bandwidth_profile_id = profile.Text("id") });
        await api.SubscriberAsync("filter-off@isp", new { enabled = false });
        await api.SessionAsync(nas, on, "f1", username: "FILTER-ON@ISP");
        on = await api.Client.MustAsync(200, "GET", "subscribers/filter-on@isp");
        on["online"]!.GetValue<bool>().ShouldBeTrue();
        on["last_online_at"].ShouldNotBeNull();
        on["bandwidth_profile"]!["download_rate_kbps"]!.GetValue<int>().ShouldBe(1000);

        (await NamesAsync("online=true")).ShouldBe(["filter-on@isp"]);
        (await NamesAsync("online=false")).ShouldBe(["filter-off@isp"]);
        (await NamesAsync("enabled=false")).ShouldBe(["filter-off@isp"]);
        (await NamesAsync("has_onu=true")).ShouldBeEmpty();
        (await NamesAsync("has_onu=false&status=active")).ShouldBe(["filter-on@isp"]);
        (await NamesAsync("bandwidth_profile_id=" + profile.Text("id"))).ShouldBe(["filter-on@isp"]);
        (await NamesAsync("q=filter%25")).ShouldBeEmpty();
        (await NamesAsync("q=filter_o")).ShouldBeEmpty();

        (await api.Client.MustAsync(200, "GET", "radius/bandwidth-profiles/" + profile.Text("id")))["subscriber_count"]!
            .GetValue<int>()
            .ShouldBe(1);
        (await api.Client.MustAsync(409, "DELETE", "radius/bandwidth-profiles/" + profile.Text("id")))
            .Code()
            .ShouldBe("bandwidth_profile.in_use");
        (await api.Client.MustAsync(409, "DELETE", "radius/nas/" + nas.Text("id"))).Code().ShouldBe("nas.in_use");

        async Task<string[]> NamesAsync(string filter) =>
            [
                .. (
                    await api.Client.MustAsync(
                        200,
                        "GET",
                        "subscribers?" + (filter.StartsWith("q=", StringComparison.Ordinal) ? "" : "q=filter-&") + filter
                    )
                )["items"]!
                    .AsArray()
                    .Select(i => i!.Text("username")),
            ];
    }

    [Fact]
    public async Task The_list_is_exported_as_CSV()
    {
        await api.SubscriberAsync("csv-1@isp", new { full_name = "=HYPERLINK(\"http://evil\")", notes = "a \"quoted\", note" });
        await api.SubscriberAsync("csv-2@isp", new { full_name = "Ünïcode" });
        using var response = await api.Client.GetAsync("subscribers/export.csv?q=csv-&sort=-username");
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        response.Content.Headers.ContentDisposition!.FileName.ShouldNotBeNull().ShouldStartWith("subscribers-");
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n");
        lines[0].ShouldStartWith("id,subscriber_number,username,full_name,enabled");
        lines[1].ShouldContain(",csv-2@isp,Ünïcode,true,false,");
        lines[2].ShouldContain(",csv-1@isp,\"'=HYPERLINK(\"\"http://evil\"\")\",true,");
        lines[2].ShouldContain(",\"a \"\"quoted\"\", note\",");
        lines.Length.ShouldBe(4);
        (await api.Client.MustAsync(400, "GET", "subscribers/export.csv?sort=x")).Faults().ShouldBe(["sort:unknown"]);
    }
}
