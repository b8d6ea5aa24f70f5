namespace DotMac.Access.FreeRadius;

/// <summary>One row of radcheck or radreply.</summary>
/// <param name="Attribute">FreeRADIUS's name, with the tag: <c>Tunnel-Private-Group-Id:1</c>.</param>
/// <param name="Op"><c>:=</c>, or <c>+=</c> where an attribute stands more than once.</param>
/// <param name="Value">The value itself; <see cref="FreeRadiusText"/> says how it is written for whom.</param>
internal sealed record ProjectedRow(string Attribute, string Op, string Value);
