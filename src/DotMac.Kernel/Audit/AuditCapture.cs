using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using DotMac.Kernel.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace DotMac.Kernel.Audit;

/// <summary>The value of this property is a secret: the audit trail says that it changed, never what it was.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

/// <summary>Changes of this entity or property are bookkeeping, not somebody's act: they are not audited.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class NotAuditedAttribute : Attribute;

/// <summary>Notes every entity that a save inserts, updates or deletes, with the values before and after.</summary>
public sealed class AuditCapture(AuditTrail trail)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>To be called before the save, with what it will write.</summary>
    public void Capture(ChangeTracker changes)
    {
        changes.DetectChanges();
        foreach (var entry in changes.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && Shape.Of(entry.Metadata) is { } shape)
            {
                Capture(entry, shape);
            }
        }
    }

    private void Capture(EntityEntry entry, Shape shape)
    {
        var changed = shape
            .Properties.Select(p => (p.Name, p.IsSecret, Entry: entry.Property(p.Property)))
            .Where(p => entry.State != EntityState.Modified || (p.Entry.IsModified && !Equals(p.Entry.OriginalValue, p.Entry.CurrentValue)))
            .ToList();
        if (entry.State == EntityState.Modified && changed.Count == 0)
        {
            return;
        }

        trail.Note(
            $"{shape.Name}.{Verb(entry.State)}",
            shape.Name,
            string.Join('/', shape.Key.Select(p => entry.Property(p).CurrentValue)),
            entry.State == EntityState.Added ? null : Values(p => p.OriginalValue),
            entry.State == EntityState.Deleted ? null : Values(p => p.CurrentValue)
        );

        string Values(Func<PropertyEntry, object?> value) =>
            JsonSerializer.Serialize(
                changed.ToDictionary(p => p.Name, p => p.IsSecret ? "(secret)" : Shown(value(p.Entry)), StringComparer.Ordinal),
                Json
            );
    }

    private static string Verb(EntityState state) =>
        state switch
        {
            EntityState.Added => "created",
            EntityState.Modified => "updated",
            _ => "deleted",
        };

    private static object? Shown(object? value) =>
        value is null or string or bool or Enum or Guid or DateTimeOffset
        || value.GetType().IsPrimitive
        || value is System.Collections.IEnumerable
            ? value
            : value.ToString();

    /// <summary>What of an entity is audited, looked up once for its type.</summary>
    private sealed record Shape(
        string Name,
        IReadOnlyList<IProperty> Key,
        IReadOnlyList<(IProperty Property, string Name, bool IsSecret)> Properties
    )
    {
        private static readonly ConcurrentDictionary<IEntityType, Shape?> Known = new();

        /// <summary>Null: it is not audited.</summary>
        public static Shape? Of(IEntityType type) => Known.GetOrAdd(type, Read);

        private static Shape? Read(IEntityType type) =>
            type.ClrType.IsDefined(typeof(NotAuditedAttribute))
                ? null
                : new Shape(
                    Entities.SnakeCase(type.ClrType.Name),
                    [.. type.FindPrimaryKey()!.Properties.Where(p => p.Name != "TenantId")],
                    [
                        .. type.GetProperties()
                            .Where(p => p.PropertyInfo is { } info && !info.IsDefined(typeof(NotAuditedAttribute)))
                            .Where(p => p.Name is not ("TenantId" or "Version"))
                            .Select(p => (p, Entities.SnakeCase(p.Name), p.PropertyInfo!.IsDefined(typeof(SecretAttribute)))),
                    ]
                );
    }
}
