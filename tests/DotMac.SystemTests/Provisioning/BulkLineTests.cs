using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Bulk work on whole lines, which is not undone: another network for many, and their end; and what is streamed of it.</summary>
public sealed class BulkLineTests(BulkLineTests.Room host) : IClassFixture<BulkLineTests.Room>
{
    public sealed class Room : ProvisioningFixture;

    private const string Bulk = "/api/v1/provisioning/bulk";

    [Fact]
    public async Task Many_get_another_vlan_each_of_one_pool_and_then_their_end()
    {
        var plan = await host.ProfileAsync(11_000, 1_000);
        var homes = new List<ProvisionedSubscriber>();
        for (var i = 0; i < 3; i++)
        {
            homes.Add(await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, await host.OnuAsync(), plan));
        }

        var before = await VlansAsync(homes);
        var network = new { vlan = new { pool = ProvisioningFixture.VlanPool } };
        var changed = await StartAsync("change_network", new { network }, plan, of: 3);
        var view = await EndedAsync(changed, "completed");
        (view.GetProperty("done").GetInt32(), view.GetProperty("can_undo").GetBoolean()).ShouldBe((3, false));
        (await host.Admin.PostAsync($"{Bulk}/{changed}/undo")).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("bulk.not_undoable");
        var after = await VlansAsync(homes);
        after.Count.ShouldBe(3, "each has one");
        after.Intersect(before).ShouldBeEmpty("and another one");

        var ended = await StartAsync("deprovision", new { note = "the mast comes down" }, plan, of: 3);
        (await EndedAsync(ended, "completed")).GetProperty("done").GetInt32().ShouldBe(3);
        (await host.Admin.PostAsync($"{Bulk}/{ended}/undo")).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("bulk.not_undoable");
        foreach (var home in homes)
        {
            (await host.ServiceAsync(home.ServiceId)).GetProperty("status").GetString().ShouldBe("terminated");
            (await Leftovers.OfRowAsync(host.Database, home.Id)).ShouldBeEmpty();
        }

        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM saga_runs WHERE definition = 'deprovision' AND parent_id = @ended",
                new { ended }
            )
        ).ShouldBe(3, "each in a run of its own");
        (await PreviewAsync("deprovision", new { }, plan))["total"].GetInt32().ShouldBe(0, "nobody is left");
    }

    [Fact]
    public async Task Lines_without_a_service_end_with_the_others()
    {
        var plan = await host.ProfileAsync(13_000, 1_000);
        var plain = new
        {
            username = RadiusFixture.NewName("plain"),
            password = RadiusFixture.Password,
            bandwidth_profile_id = plan,
        };
        var made = (await host.Admin.PostAsync("/api/v1/subscribers", plain)).ShouldHave(HttpStatusCode.Created);
        var ended = await StartAsync("deprovision", new { note = "the mast comes down" }, plan, of: 1);
        (await EndedAsync(ended, "completed")).GetProperty("done").GetInt32().ShouldBe(1);
        (
            await host.Database.ScalarAsync<short>("SELECT status FROM subscribers WHERE id = @id", new { id = made["id"].GetGuid() })
        ).ShouldBe((short)4, "terminated");
    }

    [Fact]
    public async Task Too_many_errors_stop_it_and_what_was_tried_is_as_it_was()
    {
        var plan = await host.ProfileAsync(12_000, 1_000);
        var home = await host.ProvisionAsync(new { vlan_pool = ProvisioningFixture.VlanPool }, plan: plan);
        var before = await VlansAsync([home]);
        // Without a network profile nothing is known of what they hold.
        for (var i = 0; i < 6; i++)
        {
            var plain = new
            {
                username = RadiusFixture.NewName("plain"),
                password = RadiusFixture.Password,
                bandwidth_profile_id = plan,
            };
            (await host.Admin.PostAsync("/api/v1/subscribers", plain)).ShouldHave(HttpStatusCode.Created);
        }

        var network = new { vlan = new { pool = ProvisioningFixture.VlanPool }, ipv4 = new { pool = "no-such-pool" } };
        var job = await StartAsync("change_network", new { network }, plan, of: 7, wave: 5);
        var stopped = await EndedAsync(job, "stopped");
        (stopped.GetProperty("failed").GetInt32(), stopped.GetProperty("waiting").GetInt32()).ShouldBe((5, 2));
        var codes = (await host.Admin.GetAsync($"{Bulk}/{job}/items?state=failed"))["items"]
            .EnumerateArray()
            .Select(i => i.GetProperty("error_code").GetString())
            .Distinct()
            .Order();
        codes.ShouldBe(["change.no_profile", "ipam.pool_unknown"]);
        (await VlansAsync([home])).ShouldBe(before, "the VLAN that was taken beside the address is back");
    }

    [Fact]
    public async Task The_stream_of_a_job_tells_how_far_it_is_and_ends_with_it()
    {
        var plan = await host.ProfileAsync(13_000, 1_000);
        for (var i = 0; i < 4; i++)
        {
            await host.ProvisionAsync(plan: plan);
        }

        var job = await StartAsync("deprovision", new { }, plan, of: 4, wave: 1, pause: 1);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(50));
        using var answer = await host.Admin.Http.GetAsync($"{Bulk}/{job}/stream", HttpCompletionOption.ResponseHeadersRead, patience.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        var (word, told) = ("", new List<(string State, int Done)>());
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                word = line["event: ".Length..];
            }
            else if (word == "job" && line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var view = JsonDocument.Parse(line["data: ".Length..]).RootElement;
                told.Add((view.GetProperty("state").GetString()!, view.GetProperty("done").GetInt32()));
            }
        }

        // The stream ended by itself, with the job.
        told.Last().ShouldBe(("completed", 4));
        told.Count(t => t.State == "completed").ShouldBe(1);
        told.Select(t => t.Done).ShouldBe(told.Select(t => t.Done).Order(), "it goes forward");
        told.Select(t => t.Done).Distinct().Count().ShouldBeGreaterThan(2, "step by step: " + string.Join(' ', told));
        (await host.Admin.GetAsync($"{Bulk}/{Guid.NewGuid()}/stream")).ShouldHave(HttpStatusCode.NotFound).Code.ShouldBe("bulk.not_found");
    }

    private async Task<ApiAnswer> PreviewAsync(string kind, object parameters, Guid plan) =>
        (
            await host.Admin.PostAsync(
                Bulk + "/preview",
                new
                {
                    kind,
                    parameters,
                    filter = new { bandwidth_profile_id = plan },
                }
            )
        ).ShouldHave(HttpStatusCode.OK);

    private async Task<Guid> StartAsync(string kind, object parameters, Guid plan, int of, int wave = 50, int pause = 0)
    {
        var preview = await PreviewAsync(kind, parameters, plan);
        preview["total"].GetInt32().ShouldBe(of);
        var start = new
        {
            kind,
            parameters,
            filter = new { bandwidth_profile_id = plan },
            fingerprint = preview["fingerprint"].GetString(),
            wave_size = wave,
            wave_pause_seconds = pause,
        };
        return (await host.Admin.PostAsync(Bulk, start)).ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
    }

    private async Task<JsonElement> EndedAsync(Guid job, string state)
    {
        JsonElement view = default;
        await Eventually.IsTrueAsync(
            async () =>
            {
                view = (await host.Admin.GetAsync($"{Bulk}/{job}")).ShouldHave(HttpStatusCode.OK).Body;
                return view.GetProperty("finished_at").ValueKind == JsonValueKind.String;
            },
            $"job ends as {state}",
            TimeSpan.FromSeconds(60)
        );
        view.GetProperty("state").GetString().ShouldBe(state, view.ToString());
        return view;
    }

    private Task<IReadOnlyList<short>> VlansAsync(IEnumerable<ProvisionedSubscriber> homes) =>
        host.Database.QueryAsync<short>(
            "SELECT service_vlan FROM ipam_vlan_allocations WHERE owner_id = ANY (@ids) AND ended_at IS NULL ORDER BY 1",
            new { ids = homes.Select(h => h.Id).ToArray() }
        );
}
