using System.Diagnostics;

namespace DotMac.SystemTests.Harness;

/// <summary>Waits for something that becomes so in a while.</summary>
public static class Eventually
{
    /// <summary>Asks until the answer is true; fails after <paramref name="patience"/> (60 s by default: more costs nothing when it becomes so).</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > (patience ?? TimeSpan.FromSeconds(60)))
            {
                throw new TimeoutException($"Not so after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {what}");
            }

            // Soon at first; what takes long is asked for less often, or the asking itself would keep the machine busy.
            await Task.Delay(Math.Clamp((int)(Stopwatch.GetElapsedTime(start).TotalMilliseconds / 10), 25, 250));
        }
    }
}
