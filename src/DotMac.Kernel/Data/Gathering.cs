using Npgsql;

namespace DotMac.Kernel.Data;

/// <summary>For who follows notifications: those that come close together are acted on together.</summary>
public static class Gathering
{
    /// <summary>
    /// Goes on listening until <paramref name="breath"/> has passed since <paramref name="since"/>, when it was last acted; at once when that is
    /// long ago. So the first of many is acted on without delay, and the rest several at a time.
    /// </summary>
    public static async Task GatherAsync(
        this NpgsqlConnection listener,
        TimeSpan breath,
        long since,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // In whole milliseconds: to Npgsql, none is for ever.
        for (var left = Left(); left >= 1; left = Left())
        {
            await listener.WaitAsync((int)left, ct);
        }

        double Left() => (breath - clock.GetElapsedTime(since)).TotalMilliseconds;
    }
}
