using DotMac.Platform.Tenants;

namespace DotMac.Host;

/// <summary>What a command adds to a node: the demo its tenant, its simulated network and its greeting.</summary>
internal sealed record NodeExtra
{
    public FirstTenant? FirstTenant { get; init; }
    public Action<IServiceCollection>? Register { get; init; }

    /// <summary>Runs when the schema is current and the first administrator is there, before the listeners open.</summary>
    public Func<IServiceProvider, CancellationToken, Task>? OnPrepared { get; init; }

    /// <summary>Printed after the line Ready.</summary>
    public string? Greeting { get; init; }
}
