using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Reads pages of runs, newest first.</summary>
internal sealed record RunQuery(
    string? Status = null,
    string? Definition = null,
    Guid? SubjectId = null,
    Guid? ParentId = null,
    DateTimeOffset? Since = null,
    string? Q = null,
    int? Limit = null,
    string? Cursor = null,
    bool Count = false
)
{
    private const string Where = """
        WHERE (@status::smallint IS NULL OR r.status = @status) AND (@Definition::text IS NULL OR r.definition = @Definition)
            AND (@SubjectId::uuid IS NULL OR r.subject_id = @SubjectId) AND (@ParentId::uuid IS NULL OR r.parent_id = @ParentId)
            AND (@since::timestamptz IS NULL OR r.created_at >= @since)
            AND (@pattern::text IS NULL OR lower(concat_ws(' ', r.subject_label, r.started_by, r.id::text)) LIKE @pattern
                OR r.subject_id IN (SELECT n.id FROM subscribers n WHERE n.search LIKE @pattern))

        """;

    public async Task<Result<Page<RunHead>>> ReadAsync(UnitOfWork work, CancellationToken ct)
    {
        SagaStatus? status = null;
        if (Input.Clean(Status) is { } word)
        {
            status = Words.Read<SagaStatus>(word);
            if (new Faults().Check(status is not null, "status", "unknown", $"One of: {Words.All<SagaStatus>()}.").Error is { } fault)
            {
                return fault;
            }
        }

        Guid? before = null;
        if (Cursor is { Length: > 0 })
        {
            if (Kernel.Paging.Cursor.Decode(Cursor, 1) is not [{ } text] || !Guid.TryParse(text, out var last))
            {
                return Kernel.Paging.Cursor.Malformed;
            }

            before = last;
        }

        var limit = PageSize.Of(Limit);
        var values = new
        {
            status = (short?)status,
            Definition,
            SubjectId,
            ParentId,
            since = Since?.ToUniversalTime(),
            pattern = Input.Contains(Q),
            before,
            take = limit + 1,
        };
        var rows = await work.Connection.QueryAsync<RunRows.Row>(
            new CommandDefinition(
                RunRows.Select + Where + "AND (@before::uuid IS NULL OR r.id < @before) ORDER BY r.id DESC LIMIT @take",
                values,
                work.Transaction,
                cancellationToken: ct
            )
        );
        long? total = Count
            ? await work.Connection.ExecuteScalarAsync<long>(
                new CommandDefinition("SELECT count(*) FROM saga_runs r " + Where, values, work.Transaction, cancellationToken: ct)
            )
            : null;
        return Page<RunHead>.Of(rows.AsList(), limit, r => r.ToHead(), r => Kernel.Paging.Cursor.Encode(r.Id.ToString()), total);
    }
}
