using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>How many sessions a login may have at once.</summary>
public sealed class SimultaneousUseTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private static readonly (string, string) Home = ("Calling-Station-Id", "02:00:00:00:00:01");
    private static readonly (string, string) Elsewhere = ("Calling-Station-Id", "02:00:00:00:00:02");

    [PeerFact("radclient")]
    public async Task A_second_session_is_refused_until_the_first_has_ended()
    {
        var nas = await host.NasAsync();
        var other = await host.NasAsync();
        var user = await host.SubscriberAsync();
        await StartAsync(nas, user, "s1", Home);

        var refused = await nas.RadclientAsync(
            $"User-Name = {user.Username}\nUser-Password = {user.Password}\nCalling-Station-Id = {Elsewhere.Item2}"
        );
        refused.ShouldBe("Access-Reject");
        (await host.DecisionsAsync(nas, 1)).ShouldBe(["sessions.too_many"]);

        // The same line on the same NAS comes back: its old session is dead, whether or not the NAS has said so.
        (await nas.AccessAsync(user.Username, user.Password, Home)).Code.ShouldBe(PacketCode.AccessAccept);
        // The same line claimed on another NAS is another session.
        (await other.AccessAsync(user.Username, user.Password, Home)).Code.ShouldBe(PacketCode.AccessReject);
        // Who guesses the password learns nothing about sessions.
        (await nas.AccessAsync(user.Username, "wrong", Elsewhere)).Code.ShouldBe(PacketCode.AccessReject);
        (await host.DecisionsAsync(nas, 3))[2].ShouldBe("password.wrong");

        await nas.AccountAsync("Stop", ("User-Name", user.Username), ("Acct-Session-Id", "s1"), Home);
        (await nas.AccessAsync(user.Username, user.Password, Elsewhere)).Code.ShouldBe(PacketCode.AccessAccept);
    }

    [Fact]
    public async Task As_many_as_the_login_may_have_and_no_more()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 2 });
        await StartAsync(nas, user, "s1", Home);
        (await nas.AccessAsync(user.Username, user.Password, Elsewhere)).Code.ShouldBe(PacketCode.AccessAccept);
        await StartAsync(nas, user, "s2", Elsewhere);

        (await nas.AccessAsync(user.Username, user.Password, ("Calling-Station-Id", "third"))).Code.ShouldBe(PacketCode.AccessReject);

        await nas.AccountAsync("Accounting-On", ("Acct-Session-Id", "boot"));
        (await nas.AccessAsync(user.Username, user.Password, ("Calling-Station-Id", "third"))).Code.ShouldBe(PacketCode.AccessAccept);
    }

    [Fact]
    public async Task A_late_interim_behind_the_stop_does_not_bring_the_session_back_to_life()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        await StartAsync(nas, user, "s1", Home);
        await nas.AccountAsync("Stop", ("User-Name", user.Username), ("Acct-Session-Id", "s1"), Home);
        await nas.AccountAsync("Interim-Update", ("User-Name", user.Username), ("Acct-Session-Id", "s1"), Home, ("Acct-Delay-Time", "30"));

        (await nas.AccessAsync(user.Username, user.Password, Elsewhere)).Code.ShouldBe(PacketCode.AccessAccept);
    }

    [Fact]
    public async Task Zero_means_no_limit()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        for (var i = 0; i < 5; i++)
        {
            await StartAsync(nas, user, RadiusFixture.NewName("many"), ("Calling-Station-Id", RadiusFixture.NewName("line")));
        }

        (await nas.AccessAsync(user.Username, user.Password, Elsewhere)).Code.ShouldBe(PacketCode.AccessAccept);
    }

    [Fact]
    public async Task Sessions_still_count_after_a_restart_of_the_server()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        await StartAsync(nas, user, "s1", Home);

        await host.Host.KillHardAsync();
        await host.Host.StartAgainAsync();

        await Eventually.IsTrueAsync(nas.IsServedAsync, "served again");
        (await nas.AccessAsync(user.Username, user.Password, Elsewhere)).Code.ShouldBe(PacketCode.AccessReject);
        (await nas.AccessAsync(user.Username, user.Password, Home)).Code.ShouldBe(PacketCode.AccessAccept);
    }

    private static Task StartAsync(TestNas nas, TestSubscriber user, string session, (string, string) station) =>
        nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", session), station);
}
