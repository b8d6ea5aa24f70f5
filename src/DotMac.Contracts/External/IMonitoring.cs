using System.Net;

namespace DotMac.Contracts.External;

/// <summary>What is to be watched for one subscriber.</summary>
/// <param name="Key">Asked twice with one key, it is registered once.</param>
public sealed record WatchOrder(string Key, Guid OwnerId, string Label, IPAddress? Address, string? OnuSerial, Guid? SiteId);

/// <summary>The role of the network monitor. Drivers: <c>none</c>; the built-in poller and LibreNMS follow.</summary>
public interface IMonitoring : IExternalRole
{
    /// <summary>Answers with the monitor's own id of what it watches.</summary>
    Task<RoleAnswer<string>> WatchAsync(WatchOrder order, CancellationToken ct);

    Task<RoleAnswer<Acknowledged>> UnwatchAsync(string key, Guid ownerId, CancellationToken ct);
}
