using System.Net;
using DotMac.Contracts.Access;

namespace DotMac.Contracts.External;

/// <summary>How a customer's device is to be set up.</summary>
/// <param name="Key">Asked twice with one key, the ACS acts once.</param>
/// <param name="MacAddress">Of the device; with <paramref name="OnuSerial"/> it says which device is meant.</param>
/// <param name="Wifi">Null leaves Wi-Fi as it is.</param>
public sealed record CpeOrder(
    string Key,
    Guid OwnerId,
    string Label,
    string? MacAddress,
    string? OnuSerial,
    string Username,
    string Password,
    int? Vlan,
    IPAddress? StaticIpv4,
    Ipv6Mode Ipv6Mode,
    IPNetwork? DelegatedPrefix,
    CpeWifi? Wifi
);

/// <param name="Ssid">1–32 octets.</param>
/// <param name="Passphrase">8–63 characters.</param>
public sealed record CpeWifi(string Ssid, string Passphrase);

/// <summary>A device as the ACS knows it. <paramref name="IsVerified"/>: what was set has been read back.</summary>
public sealed record CpeState(string DeviceId, Guid? OwnerId, bool IsVerified, DateTimeOffset? LastInformAt);

/// <summary>The role of the ACS (TR-069). Drivers: <c>none</c>; the built-in CWMP server and GenieACS follow.</summary>
public interface IAcs : IExternalRole
{
    Task<RoleAnswer<CpeState>> ConfigureAsync(CpeOrder order, CancellationToken ct);

    /// <summary>Takes the customer's settings off and lets the device go.</summary>
    Task<RoleAnswer<Acknowledged>> ReleaseAsync(string key, Guid ownerId, CancellationToken ct);

    Task<RoleAnswer<CpeState?>> FindAsync(Guid ownerId, CancellationToken ct);
}
