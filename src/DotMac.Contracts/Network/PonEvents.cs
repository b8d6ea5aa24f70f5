namespace DotMac.Contracts.Network;

/// <summary>An OLT has seen the light of an ONU that belongs to nobody.</summary>
/// <param name="IsAutomatic">The tenant wants it activated by itself when its serial stands on a subscriber.</param>
public sealed record OnuDiscovered(string Serial, string OltName, string PonPort, bool IsAutomatic);
