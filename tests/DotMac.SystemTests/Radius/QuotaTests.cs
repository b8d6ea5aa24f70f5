using System.Globalization;
using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>From octets reported by a NAS to a login that is throttled, blocked and itself again, within seconds.</summary>
public sealed class QuotaTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private static Task ReportAsync(TestNas nas, TestSubscriber user, long up, long down) =>
        nas.AccountAsync(
            "Interim-Update",
            ("User-Name", user.Username),
            ("Acct-Session-Id", "q"),
            ("Acct-Session-Time", "60"),
            ("Acct-Input-Octets", up.ToString(CultureInfo.InvariantCulture)),
            ("Acct-Output-Octets", down.ToString(CultureInfo.InvariantCulture))
        );

    private static string Path(TestSubscriber user) => $"/api/v1/radius/subscribers/{user.Username}/quota";

    private async Task InForceAsync(TestSubscriber user, string expected) =>
        await Eventually.IsTrueAsync(
            async () => (await host.Admin.GetAsync(Path(user))).ShouldHave(HttpStatusCode.OK)["in_force"].GetString() == expected,
            $"the quota's effect is {expected}"
        );

    private Task<IReadOnlyList<string>> EventsAsync(TestSubscriber user) =>
        host.Database.QueryAsync<string>(
            "SELECT type FROM outbox WHERE type LIKE 'quota.%' AND payload->>'subscriber_id' = @id ORDER BY id",
            new { id = user.Id.ToString() }
        );

    [PeerFact("radclient")]
    public async Task A_used_up_volume_throttles_and_a_top_up_restores()
    {
        var nas = await host.NasAsync();
        var fast = await host.ProfileAsync(50_000, 10_000);
        var slow = await host.ProfileAsync(512, 256);
        var set = await host.Admin.PutAsync(
            $"/api/v1/radius/bandwidth-profiles/{fast}/quota",
            new
            {
                quota_bytes = 1_000_000,
                action = "throttle",
                throttle_profile_id = slow,
            }
        );
        set.ShouldHave(HttpStatusCode.OK)["direction"].GetString().ShouldBe("both");
        var user = await host.SubscriberAsync(new { bandwidth_profile_id = fast, simultaneous_use = 0 });
        var ask = $"User-Name = {user.Username}\nUser-Password = {user.Password}";
        (await nas.RadclientAsync(ask))["Mikrotik-Rate-Limit"].ShouldBe(["10000k/50000k"]);

        await ReportAsync(nas, user, 300_000, 550_000);
        await Eventually.IsTrueAsync(async () => (await EventsAsync(user)).Count == 1, "four fifths are told");
        await ReportAsync(nas, user, 300_000, 700_000);
        await InForceAsync(user, "throttled");
        await Eventually.IsTrueAsync(
            async () => (await nas.RadclientAsync(ask))["Mikrotik-Rate-Limit"] is ["256k/512k"],
            "the accept has the slow rates"
        );
        (await EventsAsync(user)).ShouldBe(["quota.warned", "quota.reached"]);
        await Eventually.IsTrueAsync(async () => await RateChangesAsync(user) > 0, "the session's NAS is asked for the slow rates");

        var topped = (await host.Admin.PostAsync(Path(user) + "/top-ups", new { bytes = 1_000_000, note = "bought" })).ShouldHave(
            HttpStatusCode.Created
        );
        topped["limit_bytes"].GetInt64().ShouldBe(2_000_000);
        topped["percent"].GetInt32().ShouldBe(50);
        topped["in_force"].GetString().ShouldBe("none");
        await Eventually.IsTrueAsync(
            async () => (await nas.RadclientAsync(ask))["Mikrotik-Rate-Limit"] is ["10000k/50000k"],
            "the accept has its own rates again"
        );
        (await EventsAsync(user)).ShouldBe(["quota.warned", "quota.reached", "quota.restored"]);
        await Eventually.IsTrueAsync(async () => await RateChangesAsync(user) > 1, "and for its own again");
    }

    /// <summary>Rate changes (kind 2) ever queued for the subscriber's sessions.</summary>
    private Task<long> RateChangesAsync(TestSubscriber user) =>
        host.Database.ScalarAsync<long>("SELECT count(*) FROM coa_tasks WHERE kind = 2 AND subscriber_id = @Id", user);

    [PeerFact("radclient")]
    public async Task A_used_up_volume_blocks_rejects_and_disconnects()
    {
        var nas = await host.NasAsync(coaPort: 9);
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        (
            await host.Admin.PutAsync(
                Path(user),
                new
                {
                    quota_bytes = 5_000,
                    direction = "down",
                    action = "block",
                }
            )
        ).ShouldHave(HttpStatusCode.OK);

        await ReportAsync(nas, user, 9_000_000, 4_999);
        await Task.Delay(1_500);
        (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept, "upload does not count");
        await ReportAsync(nas, user, 9_000_000, 5_000);
        await InForceAsync(user, "blocked");
        await Eventually.IsTrueAsync(
            async () => (await nas.AccessAsync(user.Username, user.Password)).Code == PacketCode.AccessReject,
            "the login is refused"
        );
        (await host.DecisionsAsync(nas, 2)).ShouldContain("quota.exhausted");
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM coa_tasks WHERE kind = 1 AND subscriber_id = @Id)", user),
            "its session was asked to end"
        );

        // Its own cap gone, the profile's (none) holds.
        (await host.Admin.DeleteAsync(Path(user))).ShouldHave(HttpStatusCode.NoContent);
        await Eventually.IsTrueAsync(
            async () => (await nas.AccessAsync(user.Username, user.Password)).Code == PacketCode.AccessAccept,
            "the login is itself again"
        );
        (await host.Admin.DeleteAsync(Path(user))).ShouldHave(HttpStatusCode.NotFound);
        (await host.Admin.PostAsync(Path(user) + "/top-ups", new { bytes = 1 })).ShouldHave(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_malformed_quota_tells_all_its_faults()
    {
        var user = await host.SubscriberAsync();
        var answer = await host.Admin.PutAsync(
            Path(user),
            new
            {
                quota_bytes = 0,
                direction = "sideways",
                reset_day = 31,
                action = "throttle",
            }
        );
        answer.ShouldHave(HttpStatusCode.BadRequest);
        foreach (var field in new[] { "quota_bytes", "direction", "reset_day", "throttle_profile_id" })
        {
            answer.Text.ShouldContain(field);
        }
    }

    [Theory]
    [InlineData("2026-11-21", 1, "2026-11-01")]
    [InlineData("2026-11-21", 21, "2026-11-21")]
    [InlineData("2026-11-21", 22, "2026-10-22")]
    [InlineData("2026-03-01", 28, "2026-02-28")]
    [InlineData("2026-01-05", 10, "2025-12-10")]
    public async Task A_period_begins_on_its_day_of_the_month(string day, int resetDay, string start) =>
        (await host.Database.ScalarAsync<string>("SELECT quota_period_start(@day::date, @resetDay)::text", new { day, resetDay })).ShouldBe(
            start
        );

    [Fact]
    public async Task Analytics_add_up_from_the_rollups()
    {
        var first = await host.NasAsync();
        var second = await host.NasAsync();
        var big = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var small = await host.SubscriberAsync(new { simultaneous_use = 0 });
        await ReportAsync(first, big, 4_000_000_000, 100);
        await ReportAsync(second, big, 10, 3_000_000_000);
        await ReportAsync(second, small, 3_500_000_000, 7);

        async Task<ApiAnswer> Ask(string path)
        {
            ApiAnswer? answer = null;
            await Eventually.IsTrueAsync(
                async () =>
                {
                    answer = (await host.Admin.GetAsync("/api/v1/radius/analytics/" + path)).ShouldHave(HttpStatusCode.OK);
                    string[] totals = path.StartsWith("top", StringComparison.Ordinal) ? ["7000000110", "3500000007"] : ["7000000110"];
                    return Array.TrueForAll(totals, t => answer.Text.Contains(t, StringComparison.Ordinal))
                        || !path.Contains("subscriber", StringComparison.Ordinal);
                },
                path
            );
            return answer!;
        }

        var top = await Ask("top-subscribers?limit=2");
        top["items"][0].GetProperty("subscriber_id").GetGuid().ShouldBe(big.Id);
        top["items"][0].GetProperty("total_bytes").GetInt64().ShouldBe(7_000_000_110);
        top["items"][1].GetProperty("username").GetString().ShouldBe(small.Username);
        var usage = await Ask($"usage?subscriber={big.Username}&step=day");
        usage["items"].GetArrayLength().ShouldBe(30);
        usage["items"][29].GetProperty("uploaded_bytes").GetInt64().ShouldBe(4_000_000_010);
        usage["items"][29].GetProperty("upload_bps").GetInt64().ShouldBe(4_000_000_010 / 86_400 * 8);
        usage["items"][29].GetProperty("upload_peak_bps").GetInt64().ShouldBe(4_000_000_010 / 3_600 * 8);
        var hours = await Ask($"usage?nas_id={second.Id}&step=hour");
        hours["total"].GetProperty("uploaded_bytes").GetInt64().ShouldBe(3_500_000_010);
        var tenant = await Ask("usage?step=hour");
        tenant["peak_seconds"].GetInt32().ShouldBe(300);
        tenant["total"].GetProperty("downloaded_bytes").GetInt64().ShouldBeGreaterThanOrEqualTo(3_000_000_107);
        (await Ask("nas"))["items"].GetArrayLength().ShouldBeGreaterThanOrEqualTo(2);

        var total = (await host.Admin.PostAsync("/api/v1/radius/accounting/usage", new { username = big.Username })).ShouldHave(
            HttpStatusCode.OK
        );
        total["total_bytes"].GetInt64().ShouldBe(7_000_000_110);
        (await host.Admin.PostAsync("/api/v1/radius/accounting/usage", new { username = "no-such" })).ShouldHave(HttpStatusCode.NotFound);
        (await host.Admin.GetAsync("/api/v1/radius/analytics/usage?step=week")).ShouldHave(HttpStatusCode.BadRequest);

        var kept = (await host.Admin.PutAsync("/api/v1/radius/accounting/retention", new { sessions_months = 12 })).ShouldHave(
            HttpStatusCode.OK
        );
        kept["hourly_days"].GetInt32().ShouldBe(90);
        (await host.Admin.GetAsync("/api/v1/radius/accounting/retention"))["sessions_months"].GetInt32().ShouldBe(12);
    }
}
