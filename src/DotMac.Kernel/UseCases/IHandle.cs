using DotMac.Kernel.Results;

namespace DotMac.Kernel.UseCases;

/// <summary>A use case: one command in, one response or named refusal out. Runs inside the unit of work that <see cref="Scoped{TCommand,TResponse}"/> opened.</summary>
public interface IHandle<in TCommand, TResponse>
{
    Task<Result<TResponse>> Handle(TCommand command, CancellationToken ct);
}

/// <summary>The permission a command needs. Exactly one of <c>[Requires]</c>, <c>[SignedIn]</c>, <c>[Public]</c> stands on every command.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(string permission) : Attribute
{
    public string Permission { get; } = permission;
}

/// <summary>Any signed-in caller may do this, to what is his own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SignedInAttribute : Attribute;

/// <summary>Anybody may call this, signed in or not.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PublicAttribute : Attribute;

/// <summary>The command works across tenants and runs as the <c>dotmac_platform</c> database role, with no tenant pinned until the handler pins one.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AcrossTenantsAttribute : Attribute;
