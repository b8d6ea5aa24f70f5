using System.Reflection;
using System.Text.Json;
using DotMac.Kernel.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace DotMac.Kernel.Audit;

/// <summary>The value of this property is a secret: the audit trail says that it changed, never what it was.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>Changes of this entity or property are bookkeeping, not somebody's act: they are not audited.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class NotAuditedAttribute : Attribute;

/// <summary>Notes every entity that a save inserts, updates or deletes, with the values before and after.</summary>
public sealed class AuditCapture(AuditTrail trail) : SaveChangesInterceptor
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        eventData.Context!.ChangeTracker.DetectChanges();
        foreach (var entry in eventData.Context.ChangeTracker.Entries())
        {
            if (!entry.Metadata.ClrType.IsDefined(typeof(NotAuditedAttribute)))
            {
                Capture(entry);
            }
        }

        return base.SavingChangesAsync(eventData, result, cancellationToken);
    }

    private void Capture(EntityEntry entry)
    {
        var verb = entry.State switch
        {
            EntityState.Added => "created",
            EntityState.Modified => "updated",
            EntityState.Deleted => "deleted",
            _ => null,
        };
        if (verb is null)
        {
            return;
        }

        var properties = entry
            .Properties.Where(p => p.Metadata.PropertyInfo is { } info && !info.IsDefined(typeof(NotAuditedAttribute)))
            .Where(p => entry.State != EntityState.Modified || (p.IsModified && !Equals(p.OriginalValue, p.CurrentValue)))
            .Where(p => p.Metadata.Name is not ("TenantId" or "Version"))
            .ToList();
        if (entry.State == EntityState.Modified && properties.Count == 0)
        {
            return;
        }

        var name = Entities.SnakeCase(entry.Metadata.ClrType.Name);
        var key = entry
            .Metadata.FindPrimaryKey()!
            .Properties.Where(p => p.Name != "TenantId")
            .Select(p => entry.Property(p.Name).CurrentValue);
        trail.Note(
            $"{name}.{verb}",
            name,
            string.Join('/', key),
            entry.State == EntityState.Added ? null : Values(properties, p => p.OriginalValue),
            entry.State == EntityState.Deleted ? null : Values(properties, p => p.CurrentValue)
        );
    }

    private static string Values(IEnumerable<PropertyEntry> properties, Func<PropertyEntry, object?> value) =>
        JsonSerializer.Serialize(
            properties.ToDictionary(
                p => Entities.SnakeCase(p.Metadata.Name),
                p => p.Metadata.PropertyInfo!.IsDefined(typeof(SecretAttribute)) ? "(secret)" : Shown(value(p)),
                StringComparer.Ordinal
            ),
            Json
        );

    private static object? Shown(object? value) =>
        value is null or string or bool or Enum or Guid or DateTimeOffset
        || value.GetType().IsPrimitive
        || value is System.Collections.IEnumerable
            ? value
            : value.ToString();
}
