using System.Net;
using System.Text.Json;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Access;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>Suspensions carried out in a real host: what is online, the next login, the run's steps, and the way back.</summary>
public sealed class SuspendRunTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    [Fact]
    public async Task A_suspension_drops_what_is_online_and_a_resumption_ends_with_proof_and_the_first_login()
    {
        using var door = new NasDouble(Secret);
        var nas = await host.NasAsync(coaPort: door.Port, address: "127.0.0.1", secret: Secret);
        var user = await OnlineAsync(nas, "sus-1");

        var recorded = await PostAsync(user, "suspensions", new { reason = "fraud", note = "case 7" }, HttpStatusCode.Created);
        (recorded.GetProperty("access").GetString(), recorded.GetProperty("carried_out").GetString()).ShouldBe(("rejected", "open"));
        await CarriedOutAsync(user, "rejected");
        door.Asked.ShouldBe(1);
        (await StepsAsync(user, "suspend")).ShouldBe([
            "note_order:2",
            "confirm_reasons:2",
            "close_sessions:2",
            "await_sessions:2",
            "onu_down:3",
            "suspend_addresses:3",
            "suspend_holdings:3",
            "pause_billing:3",
            "mark_suspended:2",
        ]);
        await nas.AccountAsync("Stop", ("User-Name", user.Username), ("Acct-Session-Id", "sus-1"));
        await nas.AccessAsync(PacketCode.AccessReject, user.Username, user.Password);
        await Eventually.IsTrueAsync(async () => await WhyAsync(user) == "login.suspended", "the reason is on record");

        var id = recorded.GetProperty("reasons")[0].GetProperty("id").GetGuid();
        await PostAsync(user, $"suspensions/{id}/end", new { note = "cleared" });
        await CarriedOutAsync(user, "open");
        (await ViewAsync(user)).GetProperty("proof").GetString().ShouldBe("accepted");
        (await ViewAsync(user)).GetProperty("first_login_at").ValueKind.ShouldBe(JsonValueKind.Null);
        await Eventually.IsTrueAsync(
            async () => (await nas.AccessAsync(user.Username, user.Password)).Code == PacketCode.AccessAccept,
            "the login is accepted again"
        );
        await Eventually.IsTrueAsync(
            async () => (await ViewAsync(user)).GetProperty("first_login_at").ValueKind == JsonValueKind.String,
            "its first login is noted",
            TimeSpan.FromSeconds(90)
        );
    }

    [Fact]
    public async Task A_shield_that_ends_by_itself_lets_the_suspension_begin()
    {
        var user = await host.SubscriberAsync();
        await PostAsync(user, "shields", new { kind = "grace", until = DateTimeOffset.UtcNow.AddSeconds(10) }, HttpStatusCode.Created);
        var held = await PostAsync(user, "suspensions", new { reason = "non_payment", evidence = "invoice 9" }, HttpStatusCode.Created);
        held.GetProperty("access").GetString().ShouldBe("open");
        await CarriedOutAsync(user, "rejected");
        var view = await ViewAsync(user);
        view.GetProperty("shields")[0].GetProperty("ended_by").GetString().ShouldBe("its time");
        view.GetProperty("reasons")[0].GetProperty("state").GetString().ShouldBe("in_force");
    }

    [Fact]
    public async Task A_reason_recorded_for_later_and_given_again_for_now_begins_now()
    {
        var user = await host.SubscriberAsync();
        var later = new { reason = "vacation", starts_at = DateTimeOffset.UtcNow.AddDays(7) };
        (await PostAsync(user, "suspensions", later, HttpStatusCode.Created)).GetProperty("access").GetString().ShouldBe("open");

        var now = await PostAsync(user, "suspensions", new { reason = "vacation" }, HttpStatusCode.Created);
        (now.GetProperty("access").GetString(), now.GetProperty("reasons").GetArrayLength()).ShouldBe(("rejected", 1));

        // And what is in force is not put off by a renewal.
        var again = await PostAsync(user, "suspensions", later, HttpStatusCode.Created);
        again.GetProperty("access").GetString().ShouldBe("rejected");
    }

    [Fact]
    public async Task A_silent_nas_leaves_a_repair_task_and_the_line_shut()
    {
        using var door = new NasDouble(Secret) { Says = PacketCode.None };
        var nas = await host.NasAsync(coaPort: door.Port, secret: Secret);
        var user = await OnlineAsync(nas, "sus-2");
        await PostAsync(user, "suspensions", new { reason = "abuse" }, HttpStatusCode.Created);
        await CarriedOutAsync(user, "rejected", TimeSpan.FromSeconds(90));
        (await StepsAsync(user, "suspend")).ShouldContain("await_sessions:5");
        (await host.Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE subject_id = @Id", new { user.Id })).ShouldBe(
            (short)3,
            "degraded"
        );
        (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessReject);
    }

    private const string Secret = "xyzzy-plugh-42";

    private async Task<TestSubscriber> OnlineAsync(TestNas nas, string session)
    {
        var user = await host.SubscriberAsync();
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", session), ("NAS-IP-Address", "127.0.0.1"));
        await Eventually.IsTrueAsync(
            async () => (await host.Admin.GetAsync("/api/v1/radius/sessions?username=" + user.Username))["items"].GetArrayLength() == 1,
            "the session is seen"
        );
        return user;
    }

    private Task CarriedOutAsync(TestSubscriber user, string access, TimeSpan? patience = null) =>
        Eventually.IsTrueAsync(
            async () => (await ViewAsync(user)).GetProperty("carried_out").GetString() == access,
            $"carried out: {access}",
            patience ?? TimeSpan.FromSeconds(90)
        );

    private async Task<JsonElement> ViewAsync(TestSubscriber user) =>
        (await host.Admin.GetAsync($"/api/v1/subscribers/{user.Username}/suspensions")).ShouldHave(HttpStatusCode.OK).Body;

    private async Task<JsonElement> PostAsync(TestSubscriber user, string what, object body, HttpStatusCode status = HttpStatusCode.OK) =>
        (await host.Admin.PostAsync($"/api/v1/subscribers/{user.Username}/{what}", body)).ShouldHave(status).Body;

    private async Task<string?> WhyAsync(TestSubscriber user) =>
        (await host.Admin.GetAsync($"/api/v1/subscribers/{user.Username}/why"))["decision.code"].GetString();

    private Task<IReadOnlyList<string>> StepsAsync(TestSubscriber user, string definition) =>
        host.Database.QueryAsync<string>(
            """
            SELECT s.name || ':' || s.status FROM saga_steps s JOIN saga_runs r ON r.id = s.run_id
            WHERE r.subject_id = @Id AND r.definition = @definition ORDER BY r.id DESC, s.seq LIMIT 9
            """,
            new { user.Id, definition }
        );
}
