using DotMac.Access.Aaa;

namespace DotMac.Tests.Aaa;

/// <summary>What is kept in memory of sessions that other nodes serve.</summary>
public sealed class LiveSessionsTests
{
    [Fact]
    public void Ended_sessions_of_other_nodes_are_forgotten_after_a_while()
    {
        var clock = new Clock();
        var sessions = new LiveSessions(null!, clock);
        var (tenant, subscriber, nas) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        for (var day = 0; day < 30; day++)
        {
            sessions.Heard(tenant, subscriber, $"session-{day}", nas, null, clock.Now, ended: false);
            clock.Now += TimeSpan.FromHours(1);
            sessions.Heard(tenant, subscriber, $"session-{day}", nas, null, clock.Now, ended: true);
            clock.Now += TimeSpan.FromHours(23);
        }

        sessions.Remembered.ShouldBeLessThan(3);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
