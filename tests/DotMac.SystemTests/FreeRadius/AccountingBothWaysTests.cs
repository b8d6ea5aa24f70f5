using System.Globalization;
using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>Accounting and decisions through FreeRADIUS land where our own listeners' do, once.</summary>
public sealed class AccountingBothWaysTests(FreeRadiusFixture host) : IClassFixture<FreeRadiusFixture>
{
    private sealed class Session
    {
        public string Acctsessionid { get; init; } = "";
        public string Nasportid { get; init; } = "";
        public long Acctinputoctets { get; init; }
        public long Acctoutputoctets { get; init; }
        public DateTime? Acctstoptime { get; init; }
        public string? Acctterminatecause { get; init; }
        public Guid NasId { get; init; }
        public string? Nasporttype { get; init; }
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task A_session_lands_once_with_its_gigawords(string way)
    {
        var server = host.Way(way);
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        await host.ProjectedAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        // As strongSwan and pppd send them: brackets in the port, percent signs in the session id.
        var session = $"""
            User-Name = "{user.Username}"
            NAS-IP-Address = {nas.Address}
            NAS-Port-Id = "10.98.0.2[4500]"
            Acct-Session-Id = "%lX6b-{way}%hX"
            NAS-Port-Type = Virtual
            Framed-IP-Address = 100.64.3.4
            Delegated-IPv6-Prefix = 2001:db8:77::/56
            Class = 0x61693a00ff

            """;
        string Record(string status, long at, string more) =>
            $"{session}Acct-Status-Type = {status}\nEvent-Timestamp = {at.ToString(CultureInfo.InvariantCulture)}\n{more}";
        var interim = Record(
            "Interim-Update",
            now - 300,
            "Acct-Session-Time = 300\nAcct-Input-Gigawords = 1\nAcct-Input-Octets = 1000\nAcct-Output-Octets = 77"
        );
        var stop = Record(
            "Stop",
            now - 10,
            "Acct-Session-Time = 590\nAcct-Input-Gigawords = 1\nAcct-Input-Octets = 2000\nAcct-Output-Gigawords = 2\nAcct-Output-Octets = 99\nAcct-Terminate-Cause = User-Request"
        );
        (await server.AccountAsync(nas, Record("Start", now - 600, ""))).ShouldBe("Accounting-Response");
        (await server.AccountAsync(nas, interim)).ShouldBe("Accounting-Response");
        // What the NAS sends again, because an answer was lost, counts once.
        (await server.AccountAsync(nas, interim)).ShouldBe("Accounting-Response");
        (await server.AccountAsync(nas, stop)).ShouldBe("Accounting-Response");
        (await server.AccountAsync(nas, stop)).ShouldBe("Accounting-Response");

        IReadOnlyList<Session> rows = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                rows = await SessionsAsync(user);
                return rows is [{ Acctstoptime: not null }];
            },
            "the session has ended in our radacct"
        );
        rows[0].Acctsessionid.ShouldBe($"%lX6b-{way}%hX");
        rows[0].Nasportid.ShouldBe("10.98.0.2[4500]");
        rows[0].Acctinputoctets.ShouldBe((1L << 32) + 2000);
        rows[0].Acctoutputoctets.ShouldBe((2L << 32) + 99);
        rows[0].Acctterminatecause.ShouldBe("User-Request");
        rows[0].Nasporttype.ShouldBe("Virtual");
        rows[0].NasId.ShouldBe(nas.Id);
        var used = await host.Database.QueryAsync<(long Up, long Down)>(
            "SELECT sum(uploaded_bytes)::bigint, sum(downloaded_bytes)::bigint FROM usage_hourly WHERE subscriber_id = @Id",
            new { user.Id }
        );
        used.ShouldBe([((1L << 32) + 2000, (2L << 32) + 99)]);
        // A record leaves the queue behind its way into the journal, from where it may be in radacct sooner.
        await Eventually.IsTrueAsync(
            async () => await host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.accounting_queue") == 0,
            "nothing is left in the queue"
        );
    }

    [PeerTheory("freeradius", "radclient")]
    [InlineData("rest")]
    [InlineData("sql")]
    public async Task Decisions_are_noted_with_their_reason_and_without_a_password(string way)
    {
        var server = host.Way(way);
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { password = "typed-secret-1" });
        var off = await host.CreateAsync(new() { ["enabled"] = false });
        await host.ProjectedAsync();
        var nobody = RadiusFixture.NewName("nobody");
        var since = DateTime.UtcNow;
        await server.AskAsync(nas, $"User-Name = {user.Username}\nUser-Password = {user.Password}");
        await server.AskAsync(nas, $"User-Name = {user.Username}\nUser-Password = wrong-secret-2");
        await server.AskAsync(nas, $"User-Name = {user.Username}\nCHAP-Password = wrong-secret-2");
        await server.AskAsync(nas, $"User-Name = {off.Username}\nUser-Password = {off.Password}");
        await server.AskAsync(nas, $"User-Name = {nobody}\nUser-Password = wrong-secret-2");
        IReadOnlyList<string> codes = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                codes = await host.Database.QueryAsync<string>(
                    "SELECT code FROM public.radpostauth WHERE username = ANY(@Names) AND authdate > @since ORDER BY authdate, id",
                    new { Names = new[] { user.Username, off.Username, nobody }, since }
                );
                return codes.Count >= 5;
            },
            "the decisions are noted"
        );
        codes.Order(StringComparer.Ordinal).ShouldBe(["accepted", "login.disabled", "login.unknown", "password.wrong", "password.wrong"]);
        (await host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.radpostauth WHERE pass IS NOT NULL")).ShouldBe(0);
    }

    [PeerFact("freeradius", "radclient")]
    public async Task Accounting_of_an_unregistered_NAS_is_not_acknowledged_over_rest_and_waits_in_sql()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        await host.ProjectedAsync();
        var start = $"User-Name = {user.Username}\nAcct-Session-Id = lost-1\nAcct-Status-Type = Start\nNAS-IP-Address = 203.0.113.9";
        // FreeRADIUS still knows the NAS for a while after it was removed; the platform does not.
        (await host.Way("rest").AccountAsync(nas, start)).ShouldBe("Accounting-Response");
        (await host.Admin.DeleteAsync("/api/v1/radius/nas/" + nas.Id)).Status.ShouldBeOneOf(
            HttpStatusCode.NoContent,
            HttpStatusCode.Conflict
        );
        (await host.Admin.PatchAsync("/api/v1/radius/nas/" + nas.Id, new { enabled = false })).Status.ShouldBeOneOf(
            HttpStatusCode.OK,
            HttpStatusCode.NotFound
        );
        await host.SettleAsync();
        (await host.Way("rest").AccountAsync(nas, start.Replace("lost-1", "lost-2", StringComparison.Ordinal), 1)).ShouldBe(null);
    }

    [PeerFact("freeradius", "radclient")]
    public async Task Sessions_that_FreeRADIUS_stored_count_towards_simultaneous_use_on_both_ways()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 1 });
        await host.ProjectedAsync();
        var login =
            $"User-Name = {user.Username}\nUser-Password = {user.Password}\nCalling-Station-Id = second\nNAS-IP-Address = {nas.Address}";
        (
            await host.Way("sql")
                .AccountAsync(
                    nas,
                    $"User-Name = {user.Username}\nAcct-Session-Id = one\nAcct-Status-Type = Start\nNAS-IP-Address = {nas.Address}\nCalling-Station-Id = first"
                )
        ).ShouldBe("Accounting-Response");
        await Eventually.IsTrueAsync(async () => (await SessionsAsync(user)).Count == 1, "the session is taken over");
        (await host.Way("rest").AskAsync(nas, login)).ShouldBe("Access-Reject");
        (await host.Way("sql").AskAsync(nas, login)).ShouldBe("Access-Reject");
        (
            await host.Way("sql")
                .AccountAsync(
                    nas,
                    $"User-Name = {user.Username}\nAcct-Session-Id = one\nAcct-Status-Type = Stop\nNAS-IP-Address = {nas.Address}\nCalling-Station-Id = first"
                )
        ).ShouldBe("Accounting-Response");
        await Eventually.IsTrueAsync(async () => (await SessionsAsync(user))[0].Acctstoptime is not null, "its end is taken over");
        (await host.Way("sql").AskAsync(nas, login)).ShouldBe("Access-Accept");
        (await host.Way("rest").AskAsync(nas, login)).ShouldBe("Access-Accept");
    }

    private Task<IReadOnlyList<Session>> SessionsAsync(TestSubscriber user) =>
        host.Database.QueryAsync<Session>(
            """
            SELECT acctsessionid, nasportid, acctinputoctets, acctoutputoctets, acctstoptime, acctterminatecause, nas_id AS "NasId", nasporttype
            FROM public.radacct WHERE subscriber_id = @Id
            """,
            new { user.Id }
        );
}
