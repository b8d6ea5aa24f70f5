namespace DotMac.Bench;

/// <summary>What one run measures.</summary>
internal sealed record BenchOptions
{
    /// <summary>Subscribers in every server.</summary>
    public required int Users { get; init; }

    /// <summary>Seconds of each measured round.</summary>
    public required int Seconds { get; init; }

    /// <summary>Rounds of each server, one server after the other, so that what else the machine does hits all alike.</summary>
    public required int Rounds { get; init; }

    /// <summary>Seconds of load before the first round of each server, not measured.</summary>
    public required int WarmUpSeconds { get; init; }

    /// <summary>Requests under way at once, over all sockets.</summary>
    public required int InFlight { get; init; }

    /// <summary>Sockets of the driver, one thread each.</summary>
    public required int Sockets { get; init; }

    /// <summary>Requests per second of the paced measurement; 0 leaves it out.</summary>
    public required int Rate { get; init; }

    /// <summary>Chooses the users' order and the authenticators.</summary>
    public required int Seed { get; init; }

    /// <summary>First of 40 ports, all on loopback.</summary>
    public required int Port { get; init; }

    /// <summary>Servers to measure; empty means all.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>Accounting is measured too.</summary>
    public required bool Accounting { get; init; }

    /// <summary>Measure how dotmac bears more users instead: as many as these, side by side.</summary>
    public required IReadOnlyList<int> Grow { get; init; }

    /// <summary>Measure the whole lives of so many sessions through dotmac instead; 0: do not.</summary>
    public required int Lives { get; init; }

    /// <summary>Measure so many provision runs instead; 0: do not.</summary>
    public required int Provision { get; init; }

    /// <summary>The published <c>dotmac</c>.</summary>
    public required string Executable { get; init; }

    /// <summary>Where the JSON goes.</summary>
    public required string Results { get; init; }

    public bool Wants(string server) => Only.Count == 0 || Only.Contains(server, StringComparer.Ordinal);
}
