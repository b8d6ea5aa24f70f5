using System.Collections.Frozen;

namespace DotMac.Kernel.UseCases;

public enum CallerKind
{
    Anonymous,
    User,
    ApiKey,
    System,
}

/// <summary>On whose behalf the current unit of work runs.</summary>
/// <param name="TenantId">The tenant whose rows may be seen; null before sign-in and in cross-tenant work.</param>
/// <param name="Id">User or API key id.</param>
/// <param name="Name">For the audit trail: e-mail of a user, name of a key, name of a job.</param>
/// <param name="SessionId">The sign-in session, when there is one.</param>
public sealed record Caller(
    Guid? TenantId,
    CallerKind Kind,
    Guid? Id,
    string Name,
    FrozenSet<string> Permissions,
    Guid? SessionId = null,
    string? Ip = null,
    string? RequestId = null
)
{
    public static readonly Caller Anonymous = new(null, CallerKind.Anonymous, null, "anonymous", FrozenSet<string>.Empty);

    /// <summary>Work that the platform does by itself inside one tenant; it may do everything there.</summary>
    public static Caller System(Guid? tenantId, string name) => new(tenantId, CallerKind.System, null, name, FrozenSet<string>.Empty);

    public bool May(string permission) => Kind == CallerKind.System || Permissions.Contains(permission);
}

/// <summary>Holds the caller of the current scope: set once by authentication, or by the job that opened the scope.</summary>
public sealed class CurrentCaller
{
    public Caller Value { get; set; } = Caller.Anonymous;

    /// <summary>The client's Idempotency-Key of a POST, if it gave one.</summary>
    public string? IdempotencyKey { get; set; }
}
