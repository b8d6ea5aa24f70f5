using DotMac.Access.Aaa.Proxy;

namespace DotMac.Tests.Aaa;

/// <summary>When an upstream server is asked, doubted, given up and taken back.</summary>
public sealed class ServerHealthTests
{
    [Fact]
    public void Silence_over_a_window_makes_a_zombie_and_ten_seconds_more_a_dead_one()
    {
        var health = new ServerHealth(hasStatusServer: true);
        health.Unanswered(sentAt: 0, now: 3_000);
        health.State.ShouldBe(ServerState.Zombie);
        health.Tick(3_000).ShouldBeTrue("a probe goes out at once");
        health.Tick(3_500).ShouldBeFalse("one a second");
        health.Tick(4_000).ShouldBeTrue();
        health.Tick(13_000);
        health.State.ShouldBe(ServerState.Dead);
    }

    [Fact]
    public void One_request_lost_among_answered_ones_says_nothing_against_the_server()
    {
        var health = new ServerHealth(hasStatusServer: true);
        health.Heard(2_000, toProbe: false);
        health.Unanswered(sentAt: 1_000, now: 4_000);
        health.State.ShouldBe(ServerState.Alive);
    }

    [Fact]
    public void Any_answer_revives_a_zombie()
    {
        var health = new ServerHealth(hasStatusServer: true);
        health.Refused(1_000);
        health.State.ShouldBe(ServerState.Zombie);
        health.Heard(1_500, toProbe: true);
        health.State.ShouldBe(ServerState.Alive);
    }

    [Fact]
    public void A_dead_server_must_answer_three_probes_in_a_row()
    {
        var health = new ServerHealth(hasStatusServer: true);
        health.Refused(0);
        health.Tick(ServerHealth.ZombieMs);
        health.State.ShouldBe(ServerState.Dead);
        var now = (long)ServerHealth.ZombieMs;
        for (var probe = 0; probe < 2; probe++)
        {
            now += 2_000;
            health.Tick(now).ShouldBeTrue();
            health.Heard(now + 1, toProbe: true);
        }

        now += 2_000;
        health.Tick(now).ShouldBeTrue();
        now += 2_000;
        health.Tick(now).ShouldBeTrue("the third was lost");
        health.Heard(now + 1, toProbe: true);
        health.State.ShouldBe(ServerState.Dead, "the count began anew");
        for (var probe = 0; probe < 2; probe++)
        {
            now += 2_000;
            health.Tick(now).ShouldBeTrue();
            health.Heard(now + 1, toProbe: true);
        }

        health.State.ShouldBe(ServerState.Alive);
    }

    [Fact]
    public void Without_status_server_a_dead_one_is_tried_again_after_a_minute_and_never_probed()
    {
        var health = new ServerHealth(hasStatusServer: false);
        health.Refused(0);
        health.Tick(ServerHealth.ZombieMs).ShouldBeFalse();
        health.Tick(ServerHealth.ZombieMs + ServerHealth.ReviveMs - 1).ShouldBeFalse();
        health.State.ShouldBe(ServerState.Dead);
        health.Tick(ServerHealth.ZombieMs + ServerHealth.ReviveMs).ShouldBeFalse();
        health.State.ShouldBe(ServerState.Alive);
    }
}
