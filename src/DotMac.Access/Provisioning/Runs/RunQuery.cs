using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Reads pages of runs, newest first unless sorted.</summary>
internal sealed record RunQuery(
    string? Status = null,
    string? Definition = null,
    Guid? SubjectId = null,
    Guid? ParentId = null,
    DateTimeOffset? Since = null,
    string? Q = null,
    int? Limit = null,
    string? Cursor = null,
    bool? Count = null,
    string? Sort = null
)
{
    /// <summary>Ids tell the time: newest first is by id.</summary>
    private static readonly Listing Runs = new(
        RunRows.Select,
        "r.id",
        "-created_at",
        new("created_at", "r.id", SortType.Id),
        new("changed_at", "r.changed_at", SortType.Time)
    )
    {
        ChosenFrom = "FROM saga_runs r ",
    };

    /// <summary>What waits for somebody is little enough to sort by what has no index.</summary>
    private static readonly Listing Repairs = Runs with
    {
        Keys =
        [
            .. Runs.Keys,
            new("definition", "r.definition", SortType.Text),
            new("subject_label", "lower(r.subject_label)", SortType.Text),
        ],
    };

    private const string Where = """
        WHERE (@status::smallint IS NULL OR r.status = @status) AND (@Definition::text IS NULL OR r.definition = @Definition)
            AND (@SubjectId::uuid IS NULL OR r.subject_id = @SubjectId) AND (@ParentId::uuid IS NULL OR r.parent_id = @ParentId)
            AND (@since::timestamptz IS NULL OR r.created_at >= @since)
            AND (@pattern::text IS NULL OR lower(concat_ws(' ', r.subject_label, r.started_by, r.id::text)) LIKE @pattern
                OR r.subject_id IN (SELECT n.id FROM subscribers n WHERE n.search LIKE @pattern))

        """;

    public async Task<Result<Page<RunHead>>> ReadAsync(UnitOfWork work, CancellationToken ct)
    {
        var word = Input.Clean(Status);
        var status = Words.Read<SagaStatus>(word);
        var listing = status is SagaStatus.Stuck or SagaStatus.Degraded ? Repairs : Runs;
        var faults = new Faults().Check(word is null || status is not null, "status", "unknown", $"One of: {Words.All<SagaStatus>()}.");
        if (listing.Check(faults, Sort).Error is { } refusal)
        {
            return refusal;
        }

        var values = new
        {
            status = (short?)status,
            Definition,
            SubjectId,
            ParentId,
            since = Since?.ToUniversalTime(),
            pattern = Input.Contains(Q),
        };
        return await listing.ReadAsync<RunRows.Row, RunHead>(
            work,
            Where,
            new DynamicParameters(values),
            new Asked(Sort, Limit, Cursor, Count),
            r => r.ToHead(),
            ct
        );
    }
}
