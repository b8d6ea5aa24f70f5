namespace DotMac.Contracts.Access;

/// <summary>What differs of one login in the tables that FreeRADIUS reads.</summary>
/// <param name="Problem">missing, surplus or different.</param>
public sealed record LoginDrift(Guid SubscriberId, string Name, string Table, string Problem);

/// <summary>The logins as FreeRADIUS's tables have them. Works on connections of its own: call it with no transaction open that it would wait for.</summary>
public interface ILoginProjection
{
    /// <summary>The first hundred differences; empty when the tenant does not use FreeRADIUS's tables.</summary>
    Task<IReadOnlyList<LoginDrift>> DriftAsync(Guid tenantId, CancellationToken ct);

    /// <summary>Writes one login's rows anew.</summary>
    Task MendAsync(Guid tenantId, Guid subscriberId, CancellationToken ct);
}
