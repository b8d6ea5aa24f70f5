namespace DotMac.SystemTests.Access;

/// <summary>"What will be sent to a Huawei?", asked over the API.</summary>
public sealed class VendorPreviewTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task A_profile_is_shown_as_each_vendor_is_told_it()
    {
        var made = await api.Client.MustAsync(
            201,
            "POST",
            "radius/bandwidth-profiles",
            new
            {
                name = "Silver",
                download_rate_kbps = 50000,
                upload_rate_kbps = 10000,
            }
        );
        var path = $"radius/bandwidth-profiles/{made.Text("id")}/preview";
        var huawei = (await api.Client.MustAsync(200, "GET", path + "?vendor=Huawei"))["vendors"]!.AsArray().Single()!;
        var first = huawei["access_accept"]!.AsArray()[0]!;
        (first.Text("name"), first.Text("number"), first.Text("value"), first.Text("hex")).ShouldBe(
            ("Huawei-Input-Average-Rate", "26.2011.2", "10000000", "1a0c000007db020600989680")
        );
        huawei["coa_request"]!.ToJsonString().ShouldBe(huawei["access_accept"]!.ToJsonString());
        huawei["warnings"]!.AsArray().ShouldBeEmpty();

        var all = (await api.Client.MustAsync(200, "GET", path))["vendors"]!.AsArray();
        all.Select(v => v!.Text("vendor")).ShouldContain("nokia");
        var unknown = all.Single(v => v!.Text("vendor") == "generic")!;
        unknown["known"]!.GetValue<bool>().ShouldBeFalse();
        unknown["warnings"]!.AsArray().Single()!.GetValue<string>().ShouldContain("WISPr");
    }

    [Fact]
    public async Task A_vendor_nobody_knows_and_a_profile_that_is_not_there_are_refused()
    {
        var path = $"radius/bandwidth-profiles/{Guid.NewGuid()}/preview";
        (await api.Client.MustAsync(400, "GET", path + "?vendor=acme")).Faults().ShouldBe(["vendor:unknown"]);
        (await api.Client.MustAsync(404, "GET", path)).Code().ShouldBe("bandwidth_profile.not_found");
    }

    [Fact]
    public async Task A_nas_of_no_known_vendor_carries_the_warning()
    {
        var made = await api.Client.MustAsync(
            201,
            "POST",
            "radius/nas",
            new
            {
                nasname = "203.0.113.77",
                shortname = "odd-1",
                secret = "s3cret-of-odd",
            }
        );
        made["warnings"]!.AsArray().Single()!.GetValue<string>().ShouldContain("WISPr");
        (await api.NasAsync())["warnings"]!.AsArray().ShouldBeEmpty();
    }
}
