using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>Reasons and shields over the API: what is recorded, what is in force, and what the AAA plane is told.</summary>
public sealed class SuspensionTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task A_line_is_restored_only_when_no_reason_is_left()
    {
        await api.SubscriberAsync("two-reasons@isp");
        const string path = "subscribers/two-reasons@isp";
        var fraud = await api.Client.MustAsync(201, "POST", path + "/suspensions", new { reason = "fraud", note = "case 7" });
        fraud.Text("access").ShouldBe("rejected");
        await api.Client.MustAsync(200, "PATCH", path, new { suspended = true, suspension_reason = "called twice" });
        var both = await api.Client.MustAsync(200, "GET", path + "/suspensions");
        States(both).ShouldBe(["administrative:in_force", "fraud:in_force"]);
        (await api.Client.MustAsync(200, "GET", path)).Text("suspension_reason").ShouldBe("fraud: case 7; called twice");

        (await api.Client.MustAsync(409, "PATCH", path, new { suspended = false })).Code().ShouldBe("subscriber.reasons_left");
        States(await api.Client.MustAsync(200, "GET", path + "/suspensions"))
            .ShouldBe(["administrative:in_force", "fraud:in_force"], "a refusal changes nothing");

        var ended = await api.Client.MustAsync(
            200,
            "POST",
            $"{path}/suspensions/{fraud["reasons"]![0]!.Text("id")}/end",
            new { note = "cleared" }
        );
        ended.Text("access").ShouldBe("rejected");
        (await api.Client.MustAsync(200, "PATCH", path, new { suspended = false }))["suspended"]!.GetValue<bool>().ShouldBeFalse();
        var open = await api.Client.MustAsync(200, "GET", path + "/suspensions");
        (open.Text("access"), open["reasons"]!.AsArray().Count).ShouldBe(("open", 2));
        open["reasons"]!.AsArray().ShouldAllBe(r => r!.Text("state") == "ended" && r!.Text("ended_by") == "tester");
        var kept = await api.Database.QueryAsync<string>(
            "SELECT action FROM audit_log WHERE action LIKE 'suspension.%' AND entity_id = @id ORDER BY seq",
            new { id = open.Text("subscriber_id") }
        );
        kept.ShouldBe(["suspension.added", "suspension.added", "suspension.ended", "suspension.ended"]);
    }

    [Fact]
    public async Task A_shield_holds_a_suspension_back_and_its_end_brings_it_into_force()
    {
        await api.SubscriberAsync("shielded@isp");
        const string path = "subscribers/shielded@isp";
        var shield = await api.Client.MustAsync(
            201,
            "POST",
            path + "/shields",
            new
            {
                kind = "payment_arrangement",
                note = "three instalments",
                until = DateTimeOffset.UtcNow.AddDays(5),
            }
        );
        shield["shields"]![0]!["holds"]!.AsArray().Select(h => h!.GetValue<string>()).ShouldBe(["non_payment", "prepaid"]);
        var held = await api.Client.MustAsync(
            201,
            "POST",
            path + "/suspensions",
            new { reason = "non_payment", evidence = "invoice 2026-104" }
        );
        (held.Text("access"), held["reasons"]![0]!.Text("state"), held["reasons"]![0]!.Text("held_by_shield")).ShouldBe(
            ("open", "held", "payment_arrangement")
        );
        held["look_again_at"].ShouldNotBeNull();
        (await api.Client.MustAsync(200, "GET", path))["suspended"]!.GetValue<bool>().ShouldBeFalse();

        var id = shield["shields"]![0]!.Text("id");
        (await api.Client.MustAsync(200, "POST", $"{path}/shields/{id}/end", new { note = "missed" })).Text("access").ShouldBe("rejected");
        (await api.Client.MustAsync(404, "POST", $"{path}/shields/{id}/end", new { })).Code().ShouldBe("shield.not_found");
        var line = await api.Client.MustAsync(200, "GET", path);
        (line["suspended"]!.GetValue<bool>(), line.Text("suspension_reason")).ShouldBe((true, "non payment: invoice 2026-104"));

        // What was agreed afterwards lifts it again.
        var proof = await api.Client.MustAsync(201, "POST", path + "/shields", new { kind = "payment_proof" });
        proof.Text("access").ShouldBe("open");
    }

    [Fact]
    public async Task What_nothing_shows_does_not_suspend_and_the_policy_says_where_to()
    {
        await api.SubscriberAsync("policy@isp");
        const string path = "subscribers/policy@isp";
        var doubtful = await api.Client.MustAsync(201, "POST", path + "/suspensions", new { reason = "non_payment" });
        (doubtful.Text("access"), doubtful["reasons"]![0]!.Text("held_by")).ShouldBe(("open", "missing_evidence"));

        var settings = await api.Client.MustAsync(
            200,
            "PUT",
            "provisioning/suspension-settings",
            new
            {
                garden_filter_id = "pay-here",
                policies = new[]
                {
                    new
                    {
                        reason = "non_payment",
                        action = "garden",
                        onu_down = true,
                        pause_billing = false,
                        needs_evidence = false,
                    },
                },
            }
        );
        settings["policies"]!.AsArray().Count.ShouldBe(7);
        var renewed = await api.Client.MustAsync(
            201,
            "POST",
            path + "/suspensions",
            new { reason = "non_payment", note = "told by phone" }
        );
        (renewed.Text("access"), renewed["reasons"]!.AsArray().Count).ShouldBe(("garden", 1));
        (await FilterAsync("policy@isp")).ShouldBe("pay-here");

        await api.Client.MustAsync(200, "PATCH", path, new { walled_garden_filter_id = "own-garden" });
        (await FilterAsync("policy@isp")).ShouldBe("own-garden");
        var fraud = await api.Client.MustAsync(201, "POST", path + "/suspensions", new { reason = "fraud" });
        (fraud.Text("access"), await FilterAsync("policy@isp")).ShouldBe(("rejected", null));
        await api.Client.MustAsync(200, "PUT", "provisioning/suspension-settings", new { garden_filter_id = (string?)null });
    }

    [Fact]
    public async Task All_faults_are_told_at_once_and_support_may_suspend_while_billing_may_not()
    {
        await api.SubscriberAsync("faults@isp");
        var wrong = await api.Client.MustAsync(
            400,
            "POST",
            "subscribers/faults@isp/suspensions",
            new { reason = "mood", until = DateTimeOffset.UtcNow.AddDays(-1) }
        );
        wrong.Faults().ShouldBe(["reason:unknown", "until:out_of_range"]);
        (await api.Client.MustAsync(400, "POST", "subscribers/faults@isp/shields", new { kind = "grace", holds = new[] { "x" } }))
            .Faults()
            .ShouldBe(["holds:unknown", "until:required"]);
        (await api.Client.MustAsync(404, "POST", "subscribers/nobody@isp/suspensions", new { reason = "fraud" }))
            .Code()
            .ShouldBe("subscriber.not_found");
        var support = api.As(AccessApi.Tenant, "isp.radius.read", "isp.radius.sessions.manage");
        await support.MustAsync(
            201,
            "POST",
            "subscribers/faults@isp/suspensions",
            new { reason = "vacation", until = DateTimeOffset.UtcNow.AddDays(9) }
        );
        await api.As(AccessApi.Tenant, "isp.radius.read", "billing.write")
            .MustAsync(403, "POST", "subscribers/faults@isp/shields", new { kind = "grace" });
        await api.As(AccessApi.OtherTenant, AccessApi.AllPermissions).MustAsync(404, "GET", "subscribers/faults@isp/suspensions");
    }

    private static string[] States(JsonNode view) =>
        [.. view["reasons"]!.AsArray().Select(r => $"{r!.Text("reason")}:{r!.Text("state")}").Order(StringComparer.Ordinal)];

    private async Task<string?> FilterAsync(string username) =>
        await api.Database.ScalarAsync<string?>(
            "SELECT suspension_filter_id FROM subscribers WHERE username = @username",
            new { username }
        );
}
