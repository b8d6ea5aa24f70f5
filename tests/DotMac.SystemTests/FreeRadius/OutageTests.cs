using System.Globalization;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.FreeRadius;

/// <summary>The platform is killed while FreeRADIUS goes on.</summary>
public sealed class OutageTests(FreeRadiusFixture host) : IClassFixture<FreeRadiusFixture>
{
    private const int Sessions = 60;

    [PeerFact("freeradius", "radclient")]
    public async Task By_sql_it_goes_on_without_the_platform_and_every_record_lands_once()
    {
        var server = host.Way("sql");
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        await host.ProjectedAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        await host.Host.KillHardAsync();
        (await server.AskAsync(nas, $"User-Name = {user.Username}\nUser-Password = {user.Password}")).ShouldBe("Access-Accept");
        foreach (var number in Enumerable.Range(0, Sessions))
        {
            (await server.AccountAsync(nas, Record(user, nas, number, "Start", now - 500, ""))).ShouldBe("Accounting-Response");
            var stop = Record(
                user,
                nas,
                number,
                "Stop",
                now - 100,
                "Acct-Session-Time = 400\nAcct-Input-Octets = 1000\nAcct-Output-Octets = 10"
            );
            (await server.AccountAsync(nas, stop)).ShouldBe("Accounting-Response");
        }

        // Killed again as soon as some of it has been taken over: the rest, and what was being taken over, follows with the next start.
        await host.Host.StartAgainAsync();
        await Eventually.IsTrueAsync(async () => await QueuedAsync() < 2 * Sessions, "the platform takes over", TimeSpan.FromSeconds(90));
        await host.Host.KillHardAsync();
        await host.Host.StartAgainAsync();
        await Eventually.IsTrueAsync(
            async () =>
                await host.Database.ScalarAsync<long>(
                    "SELECT count(*) FROM public.radacct WHERE subscriber_id = @Id AND acctstoptime IS NOT NULL",
                    new { user.Id }
                ) == Sessions,
            "every session has landed",
            TimeSpan.FromSeconds(90)
        );
        (await QueuedAsync()).ShouldBe(0);
        var used = await host.Database.ScalarAsync<long>(
            "SELECT sum(uploaded_bytes)::bigint FROM usage_hourly WHERE subscriber_id = @Id",
            new { user.Id }
        );
        used.ShouldBe(1000L * Sessions);
        await host.Admin.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);
    }

    [PeerFact("freeradius", "radclient")]
    public async Task By_rest_nobody_gets_in_and_no_record_is_acknowledged_until_it_is_back()
    {
        var server = host.Way("rest");
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var login = $"User-Name = {user.Username}\nUser-Password = {user.Password}";
        (await server.AskAsync(nas, login)).ShouldBe("Access-Accept");
        var start = Record(user, nas, 1, "Start", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), "");

        await host.Host.KillHardAsync();
        (await server.AskAsync(nas, login)).ShouldBe("Access-Reject");
        (await server.AccountAsync(nas, start, 1)).ShouldBe(null);
        await host.Host.StartAgainAsync();
        await Eventually.IsTrueAsync(
            async () => (await server.AccountAsync(nas, start, 2)).Reply == "Accounting-Response",
            "the record is taken on the NAS's next try",
            TimeSpan.FromSeconds(90)
        );
        (await server.AskAsync(nas, login)).ShouldBe("Access-Accept");
        await host.Admin.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);
    }

    private Task<long> QueuedAsync() => host.Database.ScalarAsync<long>("SELECT count(*) FROM freeradius.accounting_queue");

    private static string Record(TestSubscriber user, TestNas nas, int number, string status, long at, string more) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            User-Name = {user.Username}
            NAS-IP-Address = {nas.Address}
            Acct-Session-Id = outage-{number}
            Acct-Status-Type = {status}
            Event-Timestamp = {at}
            {more}
            """
        );
}
