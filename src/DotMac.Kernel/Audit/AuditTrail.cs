using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DotMac.Kernel.UseCases;
using Npgsql;
using NpgsqlTypes;

namespace DotMac.Kernel.Audit;

/// <summary>What one write changed. <c>Before</c> and <c>After</c> are JSON texts; secrets never stand in them.</summary>
public sealed record AuditNote(string Action, string Entity, string EntityId, string? Before, string? After);

/// <summary>
/// The audit entries of one unit of work. They are appended to the tenant's hash chain just before the commit (<c>audit_append</c>, db/0046):
/// entry n's hash covers entry n-1's, so that a changed, removed or inserted row shows in <c>dotmac audit verify</c>.
/// </summary>
public sealed class AuditTrail(CurrentCaller current, TimeProvider clock)
{
    private readonly List<AuditNote> notes = [];

    /// <summary>Notes a write or a secret read that does not pass through an entity.</summary>
    public void Note(string action, string entity, string entityId, string? before = null, string? after = null) =>
        notes.Add(new AuditNote(action, entity, entityId, before, after));

    internal void Clear() => notes.Clear();

    internal void MoveTo(AuditTrail other)
    {
        other.notes.AddRange(notes);
        notes.Clear();
    }

    /// <summary>Adds what appends the entries to what is sent with the commit: nobody waits for the chain while a client thinks.</summary>
    internal void AddTo(NpgsqlBatch commit, Guid? tenant)
    {
        if (notes.Count == 0)
        {
            return;
        }

        var tenantId = tenant ?? throw new InvalidOperationException("A write without a pinned tenant cannot be audited.");
        var caller = current.Value;
        var append = new NpgsqlBatchCommand("SELECT audit_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
        Add(NpgsqlDbType.Uuid, tenantId);
        Add(NpgsqlDbType.TimestampTz, Now());
        Add(NpgsqlDbType.Smallint, (short)caller.Kind);
        Add(NpgsqlDbType.Uuid, caller.Id);
        Add(NpgsqlDbType.Text, caller.Name);
        Add(NpgsqlDbType.Text, caller.Ip);
        Add(NpgsqlDbType.Text, caller.RequestId);
        AddEach(n => n.Action);
        AddEach(n => n.Entity);
        AddEach(n => n.EntityId);
        AddEach(n => n.Before);
        AddEach(n => n.After);
        commit.BatchCommands.Add(append);
        notes.Clear();

        void Add(NpgsqlDbType type, object? value) =>
            append.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

        void AddEach(Func<AuditNote, string?> field) => Add(NpgsqlDbType.Array | NpgsqlDbType.Text, notes.Select(field).ToArray());
    }

    /// <summary>PostgreSQL keeps microseconds; the hash must cover what is kept.</summary>
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % 10), TimeSpan.Zero);
    }
}

/// <summary>One row of the audit log.</summary>
public sealed record AuditEntry(
    Guid TenantId,
    long Seq,
    DateTimeOffset At,
    short ActorKind,
    Guid? ActorId,
    string ActorName,
    string Action,
    string Entity,
    string EntityId,
    string? Before,
    string? After,
    string? Ip,
    string? RequestId
)
{
    /// <summary>SHA-256 over the previous hash and every field, each with its length before it: what <c>audit_append</c> wrote, reckoned anew.</summary>
    public byte[] HashAfter(ReadOnlySpan<byte> previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        string?[] fields =
        [
            TenantId.ToString("D"),
            Seq.ToString(CultureInfo.InvariantCulture),
            At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            ActorKind.ToString(CultureInfo.InvariantCulture),
            ActorId?.ToString("D"),
            ActorName,
            Action,
            Entity,
            EntityId,
            Before,
            After,
            Ip,
            RequestId,
        ];
        foreach (var field in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(field ?? "");
            hash.AppendData(BitConverter.GetBytes(field is null ? -1 : bytes.Length));
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
