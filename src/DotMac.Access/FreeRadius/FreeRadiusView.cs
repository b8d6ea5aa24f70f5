using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.FreeRadius;

/// <summary>How the projection for FreeRADIUS's SQL module stands.</summary>
/// <param name="Vendor">Whose attributes the reply rows are in; null: that of the NAS when all are of one vendor, else the standard ones.</param>
/// <param name="SchemaName">The tenant's own schema; null before the first switching on.</param>
/// <param name="RoleName">The login role that <c>dotmac freeradius config</c> makes for it.</param>
/// <param name="ReconciledAt">When the whole of it was last compared.</param>
/// <param name="RepairedRows">What that comparison had to bring up to date.</param>
/// <param name="WaitingAccounting">Records that FreeRADIUS stored and that are not taken over yet.</param>
/// <param name="RefusedAccounting">Of these, records whose NAS is not registered.</param>
public sealed record FreeRadiusView(
    bool Enabled,
    string? Vendor,
    string? SchemaName,
    string? RoleName,
    DateTimeOffset? ReconciledAt,
    int RepairedRows,
    long WaitingAccounting,
    long RefusedAccounting
)
{
    private const string Select = """
        SELECT s.enabled, s.vendor, s.schema_name, s.role_name, s.reconciled_at, s.repaired_rows, q.waiting, q.refused
        FROM freeradius.settings s,
             (SELECT count(*) AS waiting, count(problem) AS refused FROM freeradius.accounting_queue) AS q
        """;

    internal static async Task<FreeRadiusView> ReadAsync(UnitOfWork work, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Select, transaction: work.Transaction, cancellationToken: ct)
        )
            is { } row
            ? new FreeRadiusView(
                row.Enabled,
                row.Vendor is { } vendor ? Words.Of((NasVendor)vendor) : null,
                row.SchemaName,
                row.RoleName,
                row.ReconciledAt,
                row.RepairedRows,
                row.Waiting,
                row.Refused
            )
            : new FreeRadiusView(false, null, null, null, null, 0, 0, 0);

    private sealed class Row
    {
        public bool Enabled { get; init; }
        public short? Vendor { get; init; }
        public string SchemaName { get; init; } = "";
        public string RoleName { get; init; } = "";
        public DateTimeOffset? ReconciledAt { get; init; }
        public int RepairedRows { get; init; }
        public long Waiting { get; init; }
        public long Refused { get; init; }
    }
}
