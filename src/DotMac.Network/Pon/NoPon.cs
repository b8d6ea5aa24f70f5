using DotMac.Contracts.External;

namespace DotMac.Network.Pon;

/// <summary>The tenant has no PON: nothing is done, and every answer says so.</summary>
internal sealed class NoPon : IPonController
{
    public string Driver => "none";

    public bool CallsOut => false;

    public Task<RoleAnswer<OnuState>> ActivateAsync(OnuOrder order, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<OnuState>.NotConfigured);

    public Task<RoleAnswer<OnuState>> SetEnabledAsync(string key, string serial, bool enabled, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<OnuState>.NotConfigured);

    public Task<RoleAnswer<OnuState>> RebootAsync(string key, string serial, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<OnuState>.NotConfigured);

    public Task<RoleAnswer<Acknowledged>> RemoveAsync(string key, string serial, Guid ownerId, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<Acknowledged>.NotConfigured);

    public Task<RoleAnswer<OnuState?>> FindAsync(string serial, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<OnuState?>.NotConfigured);

    public Task<RoleAnswer<IReadOnlyList<OnuState>>> DiscoveredAsync(CancellationToken ct) =>
        Task.FromResult(RoleAnswer<IReadOnlyList<OnuState>>.NotConfigured);

    public Task<RoleAnswer<IReadOnlyList<OnuState>>> OfOwnerAsync(Guid ownerId, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<IReadOnlyList<OnuState>>.NotConfigured);

    public Task<RoleAnswer<IReadOnlyList<OnuState>>> ListOwnedAsync(string? afterSerial, int limit, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<IReadOnlyList<OnuState>>.NotConfigured);
}
