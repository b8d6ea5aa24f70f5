using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Access.Coa;

/// <summary>A bulk change and how far it is.</summary>
/// <param name="State">running, done or cancelled.</param>
/// <param name="Waiting">Not asked yet, or to be asked again.</param>
/// <param name="Done">Acknowledged, or over before.</param>
/// <param name="Verified">Of these, what accounting shows by now.</param>
/// <param name="Unverified">Of these, what accounting should have shown by now and does not.</param>
/// <param name="MaybeTwice">Sessions that may have been asked once more than is known, because a worker ended over them.</param>
public sealed record CoaRunView(
    Guid Id,
    string Kind,
    JsonElement Change,
    JsonElement Filter,
    string State,
    int Total,
    long Waiting,
    long Sending,
    long Done,
    long Failed,
    long Cancelled,
    long Verified,
    long Unverified,
    long MaybeTwice,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? CancelledAt
)
{
    internal const string Select = """
        SELECT r.id, r.kind, r.change, r.filter, r.total, r.created_at, r.created_by, r.cancelled_at, t.*
        FROM coa_runs r CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state IN (0, 2)) AS waiting, count(*) FILTER (WHERE state = 1) AS sending,
                count(*) FILTER (WHERE state = 3) AS done, count(*) FILTER (WHERE state = 4) AS failed,
                count(*) FILTER (WHERE state = 5) AS cancelled, count(*) FILTER (WHERE verification = 2) AS verified,
                count(*) FILTER (WHERE verification = 3) AS unverified, count(*) FILTER (WHERE maybe_twice) AS maybe_twice
            FROM coa_tasks t WHERE t.tenant_id = r.tenant_id AND t.run_id = r.id) t

        """;

    internal static async Task<CoaRunView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        (
            await work.Connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition(Select + "WHERE r.id = @id", new { id }, work.Transaction, cancellationToken: ct)
            )
        )?.ToView();

    internal sealed record Row(
        Guid Id,
        short Kind,
        string Change,
        string Filter,
        int Total,
        DateTimeOffset CreatedAt,
        string CreatedBy,
        DateTimeOffset? CancelledAt,
        long Waiting,
        long Sending,
        long Done,
        long Failed,
        long Cancelled,
        long Verified,
        long Unverified,
        long MaybeTwice
    )
    {
        public CoaRunView ToView() =>
            new(
                Id,
                Words.Of((CoaKind)Kind),
                JsonSerializer.Deserialize<JsonElement>(Change),
                JsonSerializer.Deserialize<JsonElement>(Filter),
                Waiting + Sending > 0 ? "running"
                    : CancelledAt is not null ? "cancelled"
                    : "done",
                Total,
                Waiting,
                Sending,
                Done,
                Failed,
                Cancelled,
                Verified,
                Unverified,
                MaybeTwice,
                CreatedAt,
                CreatedBy,
                CancelledAt
            );
    }
}
