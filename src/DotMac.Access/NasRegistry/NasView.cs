using System.Net;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;

namespace DotMac.Access.NasRegistry;

/// <summary>A NAS as the API shows it: never with its secret.</summary>
/// <param name="LastSeenAt">When its latest request came.</param>
/// <param name="UnsignedRequests">Access-Requests without Message-Authenticator (CVE-2024-3596).</param>
/// <param name="Warnings">What somebody should look at: a vendor that is not known is told rates as WISPr.</param>
public sealed record NasView(
    Guid Id,
    string Nasname,
    string Shortname,
    string Type,
    string Vendor,
    int CoaPort,
    string? NasIdentifier,
    string MessageAuthenticatorPolicy,
    string? Description,
    bool Enabled,
    DateTimeOffset? LastSeenAt,
    long OnlineSessions,
    long Accepts,
    long Rejects,
    long AccountingRequests,
    long UnsignedRequests,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version,
    IReadOnlyList<string> Warnings,
    string? RadsecName = null,
    string? NasGroup = null
)
{
    internal const string Select = """
        SELECT n.id, n.nasname::text AS nasname, n.shortname, n.type, n.vendor, n.coa_port, n.nas_identifier, n.message_authenticator_policy,
            n.description, n.enabled, a.last_seen_at,
            (SELECT count(*) FROM radacct o WHERE o.nas_id = n.id AND o.acctstoptime IS NULL) AS online_sessions,
            coalesce(a.accepts, 0) AS accepts, coalesce(a.rejects, 0) AS rejects, coalesce(a.accounting, 0) AS accounting_requests,
            coalesce(a.unsigned_requests, 0) AS unsigned_requests, n.created_at, n.updated_at, n.version,
            n.radsec_name, n.nas_group
        FROM nas n LEFT JOIN nas_activity a ON a.nas_id = n.id

        """;

    internal static async Task<NasView?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        (
            await work.Connection.QuerySingleOrDefaultAsync<Row>(
                new CommandDefinition(Select + "WHERE n.id = @id", new { id }, work.Transaction, cancellationToken: ct)
            )
        )?.ToView();

    internal sealed record Row(
        Guid Id,
        string Nasname,
        string Shortname,
        string Type,
        short Vendor,
        int CoaPort,
        string? NasIdentifier,
        short MessageAuthenticatorPolicy,
        string? Description,
        bool Enabled,
        DateTimeOffset? LastSeenAt,
        long OnlineSessions,
        long Accepts,
        long Rejects,
        long AccountingRequests,
        long UnsignedRequests,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        int Version,
        string? RadsecName,
        string? NasGroup
    )
    {
        public NasView ToView() =>
            new(
                Id,
                SourceAddress.Show(IPNetwork.Parse(Nasname)),
                Shortname,
                Type,
                NasFields.Word((NasVendor)Vendor),
                CoaPort,
                NasIdentifier,
                NasFields.Word((MessageAuthenticatorPolicy)MessageAuthenticatorPolicy),
                Description,
                Enabled,
                LastSeenAt,
                OnlineSessions,
                Accepts,
                Rejects,
                AccountingRequests,
                UnsignedRequests,
                CreatedAt,
                UpdatedAt,
                Version,
                VendorWords.IsKnown((NasVendor)Vendor) ? [] : [VendorWords.UnknownVendor],
                RadsecName,
                NasGroup
            );
    }
}
