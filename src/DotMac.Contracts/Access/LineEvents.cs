namespace DotMac.Contracts.Access;

/// <summary>A line is on another VLAN now; what is online under the login is to be told, unless the tenant switched that off.</summary>
public sealed record LineVlanChanged(Guid SubscriberId, string Username);
