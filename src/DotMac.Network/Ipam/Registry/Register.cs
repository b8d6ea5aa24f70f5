using System.Text.Json;
using System.Text.Json.Nodes;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace DotMac.Network.Ipam.Registry;

/// <summary>Makes, changes and removes what people write down in the plan, one way for every kind of thing.</summary>
internal sealed class Register<TEntity, TFields, TView>(
    NetworkDb db,
    UnitOfWork work,
    TimeProvider clock,
    IOptions<JsonOptions> json,
    IRegister<TEntity, TFields, TView> kind
)
    where TEntity : class, IPlanEntity
    where TFields : class
{
    public async Task<Result<TView>> GetAsync(Guid id, CancellationToken ct) =>
        await kind.ViewAsync(id, ct) is { } view ? view : kind.NotFound;

    public async Task<Result<TView>> CreateAsync(TFields given, CancellationToken ct)
    {
        var entity = kind.Make(work.TenantId!.Value, Guid.CreateVersion7(), clock.GetUtcNow());
        var checkedFields = await kind.CheckAsync(given, null, ct);
        if (checkedFields.Error is { } refusal)
        {
            return refusal;
        }

        kind.Apply(checkedFields.Value, entity);
        if (await kind.AddingAsync(entity, checkedFields.Value, ct) is { } before)
        {
            return before;
        }

        db.Add(entity);
        if (await db.TrySaveAsync(ct, null, [.. kind.Conflicts]) is { } conflict)
        {
            return conflict;
        }

        if (await kind.AddedAsync(entity, checkedFields.Value, ct) is { } after)
        {
            return after;
        }

        return (await kind.ViewAsync(entity.Id, ct))!;
    }

    /// <summary>RFC 7396: absent keeps, null clears.</summary>
    public async Task<Result<TView>> UpdateAsync(Guid id, JsonObject patch, int? ifMatch, CancellationToken ct)
    {
        var entity = await FindAsync(id, ct);
        if (entity is null)
        {
            return kind.NotFound;
        }

        if (ifMatch is { } version && version != entity.Version)
        {
            return kind.Changed;
        }

        var merged = Merge(kind.FieldsOf(entity), patch);
        if (merged.Error is { } malformed)
        {
            return malformed;
        }

        var fields = await kind.CheckAsync(merged.Value, entity, ct);
        if (fields.Error is { } refusal)
        {
            return refusal;
        }

        kind.Apply(fields.Value, entity);
        if (db.ChangeTracker.HasChanges())
        {
            entity.UpdatedAt = clock.GetUtcNow();
            entity.Version++;
            if (await db.TrySaveAsync(ct, kind.Changed, [.. kind.Conflicts]) is { } conflict)
            {
                return conflict;
            }

            if (await kind.UpdatedAsync(entity, ct) is { } after)
            {
                return after;
            }
        }

        return (await kind.ViewAsync(entity.Id, ct))!;
    }

    public async Task<Result<Done>> DeleteAsync(Guid id, int? ifMatch, CancellationToken ct)
    {
        var entity = await FindAsync(id, ct);
        if (entity is null)
        {
            return kind.NotFound;
        }

        if (ifMatch is { } version && version != entity.Version)
        {
            return kind.Changed;
        }

        if (await kind.RemovingAsync(entity, ct) is { } kept)
        {
            return kept;
        }

        db.Remove(entity);
        return await db.TrySaveAsync(ct, kind.Changed, [.. kind.Conflicts]) is { } conflict ? conflict : Done.Instance;
    }

    private async Task<TEntity?> FindAsync(Guid id, CancellationToken ct) => await db.FindAsync<TEntity>([work.TenantId!.Value, id], ct);

    private Result<TFields> Merge(TFields now, JsonObject patch)
    {
        var options = json.Value.SerializerOptions;
        var merged = JsonSerializer.SerializeToNode(now, options)!.AsObject();
        foreach (var (name, value) in patch)
        {
            merged[name] = value?.DeepClone();
        }

        try
        {
            return merged.Deserialize<TFields>(options)!;
        }
        catch (JsonException e)
        {
            var field = e.Path?.TrimStart('$').TrimStart('.') ?? "";
            return new Faults().Add(field, "bad_type", "This is not of the type that is expected here.").Error!;
        }
    }
}
