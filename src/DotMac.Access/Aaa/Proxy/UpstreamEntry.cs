using DotMac.Contracts.Access;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>An enabled upstream as the AAA plane sees it. Immutable.</summary>
internal sealed record UpstreamEntry
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<UpstreamServer> Servers { get; init; }

    /// <summary>UTF-8. Never logged.</summary>
    public required byte[] Secret { get; init; }
    public required IReadOnlyList<string> Realms { get; init; }
    public bool StripRealm { get; init; }
    public bool Eap { get; init; }
    public bool ForwardAccounting { get; init; }
    public UpstreamStrategy Strategy { get; init; }
    public int Priority { get; init; }
    public int ResponseWindowMs { get; init; } = 3000;
    public bool StatusServer { get; init; } = true;
    public bool RequireMessageAuthenticator { get; init; } = true;
    public int Version { get; init; }
}
