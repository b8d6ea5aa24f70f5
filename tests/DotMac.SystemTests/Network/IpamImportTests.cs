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
        (await api.GetAsync($"{Base}/prefixes?vrf_id={vrf}"))["items"].GetArrayLength().ShouldBe(0);
        (await ImportAsync("prefixes", Good, dryRun: false))["is_kept"].GetBoolean().ShouldBeTrue();
        var listed = (await api.GetAsync($"{Base}/prefixes?vrf_id={vrf}"))["items"].EnumerateArray().ToList();
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
        (await api.GetAsync($"{Base}/prefixes?vrf_id={vrf}"))["items"].GetArrayLength().ShouldBe(3);

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

    [Fact]
    public async Task A_quote_left_open_swallows_nothing_and_an_owner_must_be_there()
    {
        const string Open = "address,label,note\n10.99.0.1,core,\"open\n10.99.0.2,core,\n10.99.0.3,core,\n";
        var refused = await ImportAsync("ip-addresses", Open, dryRun: false, HttpStatusCode.BadRequest);
        refused.Text.ShouldContain("open_quote");
        refused.Text.ShouldContain("line 2");
        (await ImportAsync("prefixes", "prefix\r10.99.0.0/16\r10.99.0.0/24\r", dryRun: true))["created"].GetInt32().ShouldBe(2);

        var (here, gone) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var (id, isGone) in new[] { (here, false), (gone, true) })
        {
            await fixture.Database.ExecuteAsync(
                """
                INSERT INTO subscribers (tenant_id, id, subscriber_number, username, password, deleted_at)
                SELECT tenant_id, @id, @name, @name, '', CASE WHEN @isGone THEN now() END FROM tenants WHERE slug = 'default'
                """,
                new
                {
                    id,
                    name = id.ToString(),
                    isGone,
                }
            );
        }

        var file = $"address,owner_id\n10.99.0.1,{here}\n10.99.0.2,{gone}\n10.99.0.3,{Guid.NewGuid()}\n10.99.0.4,\n";
        var view = await ImportAsync("ip-addresses", file, dryRun: false);
        (view["is_kept"].GetBoolean(), view["created"].GetInt32()).ShouldBe((false, 2));
        view["lines"]
            .EnumerateArray()
            .Take(2)
            .Select(l => (l.GetProperty("line").GetInt32(), l.GetProperty("code").GetString()))
            .ShouldBe([(3, "owner_unknown"), (4, "owner_unknown")]);
    }

    private async Task<ApiAnswer> ImportAsync(string what, string csv, bool dryRun, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        using var response = await api.Http.PostAsync(
            new Uri($"{Base}/import/{what}?dry_run={(dryRun ? "true" : "false")}", UriKind.Relative),
            content
        );
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        return new ApiAnswer(
            response.StatusCode,
            System.Text.Json.JsonDocument.Parse(text).RootElement,
            text,
            response.Headers,
            response.Content.Headers
        );
    }
}
