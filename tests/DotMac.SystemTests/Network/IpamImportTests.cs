using System.Net;
using System.Text;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Network;

/// <summary>Prefixes and addresses in use, read from files.</summary>
public sealed class IpamImportTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private const string Base = "/api/v1/ipam";
    private readonly ApiClient api = fixture.Admin;

    [Fact]
    public async Task Files_are_tried_first_kept_whole_or_not_at_all_and_read_again_without_harm()
    {
        var vrf = (await api.PostAsync($"{Base}/vrfs", new { name = "Files" }).ShouldAsync(201))["id"].GetString();
        const string Good = "prefix,vrf,description\n10.8.0.0/14,Files,\"Access, all\"\n10.8.0.0/24,files,First\n10.9.0.0/24,Files,\n";
        var dry = await ImportAsync("prefixes", Good, dryRun: true);
        (dry["created"].GetInt32(), dry["failed"].GetInt32(), dry["is_kept"].GetBoolean()).ShouldBe((3, 0, false));
        (await api.GetAsync($"{Base}/prefixes?vrfId={vrf}"))["items"].GetArrayLength().ShouldBe(0);
        (await ImportAsync("prefixes", Good, dryRun: false))["is_kept"].GetBoolean().ShouldBeTrue();
        var listed = (await api.GetAsync($"{Base}/prefixes?vrfId={vrf}"))["items"].EnumerateArray().ToList();
        listed
            .Select(p => (p.GetProperty("prefix").GetString(), p.GetProperty("status").GetString()))
            .ShouldBe([("10.8.0.0/14", "container"), ("10.8.0.0/24", "active"), ("10.9.0.0/24", "active")]);
        (await ImportAsync("prefixes", Good, dryRun: false))["unchanged"].GetInt32().ShouldBe(3);
        var bad = await ImportAsync(
            "prefixes",
            "prefix;vrf\n10.8.1.0/24;Files\n10.8.0.128/25;Files\nrubbish;\n10.8.2.0/24;Nowhere\n",
            dryRun: false
        );
        (bad["is_kept"].GetBoolean(), bad["created"].GetInt32(), bad["failed"].GetInt32()).ShouldBe((false, 1, 3));
        bad["lines"]
            .EnumerateArray()
            .Take(3)
            .Select(l => (l.GetProperty("line").GetInt32(), l.GetProperty("code").GetString()))
            .ShouldBe([(3, "overlaps"), (4, "bad_format"), (5, "vrf_unknown")]);
        (await api.GetAsync($"{Base}/prefixes?vrfId={vrf}"))["items"].GetArrayLength().ShouldBe(3);

        await api.PostAsync(
                $"{Base}/pools",
                new
                {
                    name = "Filed",
                    type = "ipv4_private",
                    network = "10.8.0.0/24",
                    vrf_id = vrf,
                }
            )
            .ShouldAsync(201);
        const string Used = "address,vrf,label,dns_name\n10.8.0.1,Files,core-1,core-1.example.net\n10.8.0.2,Files,core-2,\n";
        (await ImportAsync("ip-addresses", Used, dryRun: true))["created"].GetInt32().ShouldBe(2);
        (await ImportAsync("ip-addresses", Used, dryRun: false))["is_kept"].GetBoolean().ShouldBeTrue();
        (await ImportAsync("ip-addresses", Used, dryRun: false))["unchanged"].GetInt32().ShouldBe(2);
        (await ImportAsync("ip-addresses", "address,vrf,label\n10.8.0.9,Files,x\n10.8.0.1,Files,y\n10.8.0.9,Files,z\n", dryRun: false))[
            "failed"
        ]
            .GetInt32()
            .ShouldBe(1);
        var next = await api.PostAsync(
                $"{Base}/allocate",
                new
                {
                    kind = "ipv4",
                    pool = "Filed",
                    owner_id = Guid.NewGuid(),
                }
            )
            .ShouldAsync(201);
        next["address"].GetString().ShouldBe("10.8.0.3/32", "what is in use already is not handed out");
    }

    private async Task<ApiAnswer> ImportAsync(string what, string csv, bool dryRun)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var response = await api.Http.PostAsync(
            new Uri($"{Base}/import/{what}?dry_run={(dryRun ? "true" : "false")}", UriKind.Relative),
            content
        );
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return new ApiAnswer(
            response.StatusCode,
            System.Text.Json.JsonDocument.Parse(text).RootElement,
            text,
            response.Headers,
            response.Content.Headers
        );
    }
}
