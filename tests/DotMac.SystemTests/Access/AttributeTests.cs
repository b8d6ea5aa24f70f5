namespace DotMac.SystemTests.Access;

/// <summary>The dictionary browser.</summary>
public sealed class AttributeTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task Attributes_are_shown_with_number_type_values_and_source()
    {
        var found = (await api.Client.MustAsync(200, "GET", "radius/attributes/standard?q=Tunnel-Type"))["items"]!.AsArray().Single()!;
        (found.Text("number"), found.Text("type"), found.Text("source"), found["tagged"]!.GetValue<bool>()).ShouldBe(
            ("64", "integer", "RFC 2868", true)
        );
        found["values"]!.AsArray().Select(v => $"{v!["name"]}={v["number"]}").ShouldContain("VLAN=13");

        var mikrotik = (await api.Client.MustAsync(200, "GET", "radius/attributes/vendor?vendor_id=14988&q=rate-limit"))["items"]!
            .AsArray()
            .Single()!;
        (mikrotik.Text("number"), mikrotik.Text("source")).ShouldBe(("26.14988.8", "Mikrotik"));

        (await NamesAsync("check-items")).ShouldContain("Cleartext-Password");
        (await NamesAsync("check-items")).ShouldNotContain("Framed-Route");
        (await NamesAsync("reply-items")).ShouldContain("Framed-Route");
        (await NamesAsync("reply-items")).ShouldNotContain("User-Password");
        (await api.Client.MustAsync(200, "GET", "radius/attributes/vendors"))["items"]!
            .AsArray()
            .Single(v => v!["id"]!.GetValue<long>() == 2011)!["attributes"]!
            .GetValue<int>()
            .ShouldBeGreaterThan(50);
        (await api.Client.MustAsync(400, "GET", "radius/attributes/standard?cursor=x")).Faults().ShouldBe(["cursor:bad_cursor"]);
    }

    [Fact]
    public async Task Pages_show_every_attribute_once()
    {
        var names = await NamesAsync("standard");
        var page = await api.Client.MustAsync(200, "GET", "radius/attributes/standard?limit=1&count=true");
        page["total"]!.GetValue<int>().ShouldBe(names.Count);
        names.Distinct().Count().ShouldBe(names.Count);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string which)
    {
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await api.Client.MustAsync(
                200,
                "GET",
                $"radius/attributes/{which}?limit=50{(cursor is null ? "" : "&cursor=" + cursor)}"
            );
            names.AddRange(page["items"]!.AsArray().Select(a => a!.Text("name")));
            cursor = page["next_cursor"]?.GetValue<string>();
        } while (cursor is not null);
        return names;
    }
}
