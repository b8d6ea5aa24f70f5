namespace DotMac.Contracts.Access;

/// <summary>What is sold. Stored as its number: numbers are only ever added.</summary>
public enum ServiceType : short
{
    FiberInternet = 0,
    DslInternet = 1,
    CableInternet = 2,
    WirelessInternet = 3,
    SatelliteInternet = 4,
    Voip = 5,
    Pstn = 6,
    Mobile = 7,
    Iptv = 8,
    CableTv = 9,
    StaticIp = 10,
    EmailHosting = 11,
    CloudStorage = 12,
    ManagedWifi = 13,
    NetworkSecurity = 14,
    TriplePlay = 15,
    DoublePlay = 16,
    CustomBundle = 17,
}
