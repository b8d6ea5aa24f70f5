using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Registry;

/// <summary>A thing of the plan that people write down, change and remove: what <see cref="Register{TEntity,TFields,TView}"/> needs to know of it.</summary>
internal interface IPlanEntity
{
    Guid TenantId { get; }

    Guid Id { get; }

    DateTimeOffset UpdatedAt { get; set; }

    int Version { get; set; }
}

/// <summary>What is special about one kind of them; everything else is the same for all.</summary>
/// <typeparam name="TEntity">The row.</typeparam>
/// <typeparam name="TFields">What a caller may say; JSON of it is also what a PATCH is merged into.</typeparam>
/// <typeparam name="TView">How the API shows it.</typeparam>
internal interface IRegister<TEntity, TFields, TView>
    where TEntity : class, IPlanEntity
    where TFields : class
{
    /// <summary>Stable beginning of the error codes: <c>ipam_prefix</c>.</summary>
    Error NotFound { get; }

    Error Changed { get; }

    /// <summary>Constraints of the table and the refusals they mean.</summary>
    IReadOnlyList<(string Constraint, Error Error)> Conflicts { get; }

    /// <summary>Trimmed and completed; all faults at once. <paramref name="now"/> is null when it is being made.</summary>
    Task<Result<TFields>> CheckAsync(TFields fields, TEntity? now, CancellationToken ct);

    TEntity Make(Guid tenantId, Guid id, DateTimeOffset at);

    void Apply(TFields fields, TEntity entity);

    TFields FieldsOf(TEntity entity);

    /// <summary>Before the row is written; the place to find what it belongs to.</summary>
    Task<Error?> AddingAsync(TEntity entity, TFields fields, CancellationToken ct) => Task.FromResult<Error?>(null);

    /// <summary>After the row is there, in the same transaction.</summary>
    Task<Error?> AddedAsync(TEntity entity, TFields fields, CancellationToken ct) => Task.FromResult<Error?>(null);

    /// <summary>After a change is written, in the same transaction.</summary>
    Task<Error?> UpdatedAsync(TEntity entity, CancellationToken ct) => Task.FromResult<Error?>(null);

    /// <summary>Before the row goes; a refusal keeps it.</summary>
    Task<Error?> RemovingAsync(TEntity entity, CancellationToken ct) => Task.FromResult<Error?>(null);

    Task<TView?> ViewAsync(Guid id, CancellationToken ct);
}
