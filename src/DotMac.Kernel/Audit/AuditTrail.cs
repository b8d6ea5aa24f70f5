using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;

namespace DotMac.Kernel.Audit;

/// <summary>What one write changed. <c>Before</c> and <c>After</c> are JSON texts; secrets never stand in them.</summary>
public sealed record AuditNote(string Action, string Entity, string EntityId, string? Before, string? After);

/// <summary>
/// The audit entries of one unit of work. They are appended to the tenant's hash chain just before the commit: entry n's hash covers
/// entry n-1's, so that a changed, removed or inserted row shows in <c>dotmac audit verify</c>.
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

    internal async Task WriteAsync(UnitOfWork work, CancellationToken ct)
    {
        if (notes.Count == 0)
        {
            return;
        }

        var tenantId = work.TenantId ?? throw new InvalidOperationException("A write without a pinned tenant cannot be audited.");
        // The head row is the chain's lock: writers of one tenant append one after the other.
        var head = await work.Connection.QuerySingleAsync<Head>(
            new CommandDefinition(
                """
                INSERT INTO audit_heads (tenant_id, seq, hash) VALUES (@tenantId, 0, ''::bytea)
                ON CONFLICT (tenant_id) DO UPDATE SET seq = audit_heads.seq
                RETURNING seq, hash
                """,
                new { tenantId },
                work.Transaction,
                cancellationToken: ct
            )
        );
        var (seq, hash) = (head.Seq, head.Hash);
        foreach (var note in notes)
        {
            var entry = Entry(tenantId, ++seq, note);
            hash = entry.HashAfter(hash);
            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    """
                    INSERT INTO audit_log (tenant_id, seq, at, actor_kind, actor_id, actor_name, action, entity, entity_id, before, after, ip, request_id, hash)
                    VALUES (@TenantId, @Seq, @At, @ActorKind, @ActorId, @ActorName, @Action, @Entity, @EntityId, @Before::json, @After::json, @Ip, @RequestId, @hash)
                    """,
                    new
                    {
                        entry.TenantId,
                        entry.Seq,
                        entry.At,
                        entry.ActorKind,
                        entry.ActorId,
                        entry.ActorName,
                        entry.Action,
                        entry.Entity,
                        entry.EntityId,
                        entry.Before,
                        entry.After,
                        entry.Ip,
                        entry.RequestId,
                        hash,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
        }

        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE audit_heads SET seq = @seq, hash = @hash WHERE tenant_id = @tenantId",
                new
                {
                    seq,
                    hash,
                    tenantId,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        notes.Clear();
    }

    private AuditEntry Entry(Guid tenantId, long seq, AuditNote note)
    {
        var caller = current.Value;
        // PostgreSQL keeps microseconds; the hash must cover what is kept.
        var now = clock.GetUtcNow();
        var at = new DateTimeOffset(now.Ticks - (now.Ticks % 10), TimeSpan.Zero);
        return new AuditEntry(
            tenantId,
            seq,
            at,
            (short)caller.Kind,
            caller.Id,
            caller.Name,
            note.Action,
            note.Entity,
            note.EntityId,
            note.Before,
            note.After,
            caller.Ip,
            caller.RequestId
        );
    }

    private sealed record Head(long Seq, byte[] Hash);
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
    /// <summary>SHA-256 over the previous hash and every field, each with its length before it (no two entries read alike).</summary>
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
