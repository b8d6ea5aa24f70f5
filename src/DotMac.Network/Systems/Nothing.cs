using DotMac.Contracts.External;

namespace DotMac.Network.Systems;

/// <summary>The tenant has no ACS: nothing is done, and every answer says so.</summary>
internal sealed class NoAcs : IAcs
{
    public string Driver => "none";

    public bool CallsOut => false;

    public Task<RoleAnswer<CpeState>> ConfigureAsync(CpeOrder order, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<CpeState>.NotConfigured);

    public Task<RoleAnswer<Acknowledged>> ReleaseAsync(string key, Guid ownerId, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<Acknowledged>.NotConfigured);

    public Task<RoleAnswer<CpeState?>> FindAsync(Guid ownerId, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<CpeState?>.NotConfigured);
}

/// <summary>The tenant has no network monitor: nothing is done, and every answer says so.</summary>
internal sealed class NoMonitoring : IMonitoring
{
    public string Driver => "none";

    public bool CallsOut => false;

    public Task<RoleAnswer<string>> WatchAsync(WatchOrder order, CancellationToken ct) => Task.FromResult(RoleAnswer<string>.NotConfigured);

    public Task<RoleAnswer<Acknowledged>> UnwatchAsync(string key, Guid ownerId, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<Acknowledged>.NotConfigured);
}

/// <summary>The tenant has no automation platform: nothing is done, and every answer says so.</summary>
internal sealed class NoAutomation : IAutomation
{
    public string Driver => "none";

    public bool CallsOut => false;

    public Task<RoleAnswer<AutomationRun>> LaunchAsync(AutomationOrder order, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<AutomationRun>.NotConfigured);

    public Task<RoleAnswer<AutomationRun>> FindAsync(string id, CancellationToken ct) =>
        Task.FromResult(RoleAnswer<AutomationRun>.NotConfigured);
}
