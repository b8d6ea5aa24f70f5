using System.Diagnostics;

namespace DotMac.SystemTests.Harness;

/// <summary>Waits for something that becomes so in a while.</summary>
public static class Eventually
{
    /// <summary>Asks until the answer is true; fails after <paramref name="patience"/> (10 s by default).</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > (patience ?? TimeSpan.FromSeconds(10)))
            {
                throw new TimeoutException($"Not so after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {what}");
            }

            await Task.Delay(25);
        }
    }
}
