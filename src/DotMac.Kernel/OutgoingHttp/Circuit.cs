namespace DotMac.Kernel.OutgoingHttp;

/// <summary>Spares a server, and whoever waits for it, after so many failures in a row: for a while nothing is sent, then one call tries.</summary>
internal sealed class Circuit(OutgoingOptions options, TimeProvider clock)
{
    private readonly Lock gate = new();
    private int failures;
    private DateTimeOffset openUntil;
    private bool isTrying;

    /// <summary>How long nothing will be sent; zero: go on, and tell what came of it.</summary>
    public TimeSpan Enter()
    {
        lock (gate)
        {
            if (failures < options.BreakAfter)
            {
                return TimeSpan.Zero;
            }

            var rest = openUntil - clock.GetUtcNow();
            if (rest > TimeSpan.Zero || isTrying)
            {
                return rest > TimeSpan.Zero ? rest : TimeSpan.FromSeconds(1);
            }

            isTrying = true;
            return TimeSpan.Zero;
        }
    }

    /// <param name="ill">Null: nothing was learned about the server (the caller went away).</param>
    /// <returns>True when this opened the circuit.</returns>
    public bool Leave(bool? ill)
    {
        lock (gate)
        {
            var wasTrying = isTrying;
            isTrying = false;
            switch (ill)
            {
                case null:
                    return false;
                case false:
                    failures = 0;
                    return false;
            }

            failures++;
            var opens = failures == options.BreakAfter || (wasTrying && failures > options.BreakAfter);
            if (opens)
            {
                openUntil = clock.GetUtcNow() + options.BreakFor;
            }

            return opens;
        }
    }
}
