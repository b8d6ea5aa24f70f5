using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>A RADIUS server of somebody else (or several that share their users) to which requests are passed on.</summary>
internal sealed class Upstream
{
    public required Guid TenantId { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Written as <see cref="UpstreamServer.ToString"/> writes them, in order of preference.</summary>
    public required string[] Servers { get; set; }

    /// <summary>The secret shared with all its servers, sealed.</summary>
    [Secret]
    public required byte[] Secret { get; set; }

    /// <summary>Lower case; <c>*</c> takes every realm that no other upstream takes.</summary>
    public required string[] Realms { get; set; }

    public required bool StripRealm { get; set; }

    /// <summary>It takes EAP: of its realms, or all of it when it has none.</summary>
    public required bool Eap { get; set; }

    public required bool ForwardAccounting { get; set; }

    public required UpstreamStrategy Strategy { get; set; }

    /// <summary>The lower is asked first.</summary>
    public required int Priority { get; set; }

    public required int ResponseWindowMs { get; set; }

    public required bool StatusServer { get; set; }

    public required bool RequireMessageAuthenticator { get; set; }

    public string? Description { get; set; }

    public required bool Enabled { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; } = 1;
}
