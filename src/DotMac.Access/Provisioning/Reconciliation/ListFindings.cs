using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Findings, the newest first unless sorted: open ones unless told.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListFindings
{
    /// <param name="State">open, ignored, gone or all.</param>
    /// <param name="Q">Looks into the subscriber's number and into what differs.</param>
    /// <param name="Kind">leaked_address, onu_without_owner …</param>
    /// <param name="Sort">found_at, kind (each kind together) or subject_label; with - before it from the end.</param>
    [Requires("isp.oss.read")]
    public sealed record Command(
        string? State = null,
        string? Kind = null,
        string? Q = null,
        [property: FromQuery(Name = "subject_id")] Guid? SubjectId = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    /// <param name="NextCursor">Opaque; give it back as <c>cursor</c> for the next page. Null on the last page.</param>
    /// <param name="Total">Exact number of findings, only when asked for with <c>count=true</c>.</param>
    /// <param name="Kinds">How many there are of each kind, whatever kind was asked for; only with <c>count=true</c>.</param>
    public sealed record Response(
        IReadOnlyList<FindingView> Items,
        string? NextCursor,
        long? Total,
        IReadOnlyDictionary<string, long>? Kinds
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/reconciliation/findings", Get).WithName(nameof(ListFindings));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Narrowed = """
            CASE @state
                WHEN 'open' THEN f.gone_at IS NULL AND (f.ignored_at IS NULL OR f.ignored_until < @now)
                WHEN 'ignored' THEN f.gone_at IS NULL AND f.ignored_at IS NOT NULL AND (f.ignored_until IS NULL OR f.ignored_until >= @now)
                WHEN 'gone' THEN f.gone_at IS NOT NULL ELSE true END
            AND (@SubjectId::uuid IS NULL OR f.subject_id = @SubjectId)
            AND (@pattern::text IS NULL OR lower(f.subject_label || ' ' || f.what) LIKE @pattern)
            """;

        private const string Filter = Narrowed + " AND (@kind::smallint IS NULL OR f.kind = @kind)";

        private static readonly Listing Listing = new(
            FindingView.Select,
            "f.id",
            "-found_at",
            new("found_at", "f.found_at", SortType.Time),
            new("kind", "f.kind", SortType.Whole),
            new("subject_label", "lower(f.subject_label)", SortType.Text)
        );

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var state = command.State ?? "open";
            var kind = Words.Read<FindingKind>(command.Kind);
            var faults = new Faults()
                .Check(state is "open" or "ignored" or "gone" or "all", "state", "unknown", "One of open, ignored, gone, all.")
                .Check(command.Kind is null || kind is not null, "kind", "unknown", $"One of {Words.All<FindingKind>()}.");
            if (Listing.Check(faults, command.Sort).Error is { } error)
            {
                return error;
            }

            var values = new
            {
                state,
                kind = (short?)kind,
                command.SubjectId,
                pattern = Input.Contains(command.Q),
                now = clock.GetUtcNow(),
            };
            var read = await Listing.ReadAsync<FindingView>(
                work,
                "WHERE " + Filter,
                new DynamicParameters(values),
                new Asked(command.Sort, command.Limit, command.Cursor),
                ct
            );
            if (read.Error is { } malformed)
            {
                return malformed;
            }

            var kinds = command.Count is true
                ? (
                    await work.Connection.QueryAsync<(FindingKind Kind, long Many)>(
                        new CommandDefinition(
                            "SELECT f.kind, count(*) FROM reconciliation_findings f WHERE " + Narrowed + " GROUP BY f.kind ORDER BY f.kind",
                            values,
                            work.Transaction,
                            cancellationToken: ct
                        )
                    )
                ).AsList()
                : null;
            return new Response(
                read.Value.Items,
                read.Value.NextCursor,
                kinds?.Where(k => kind is null || k.Kind == kind).Sum(k => k.Many),
                kinds?.ToDictionary(k => Words.Of(k.Kind), k => k.Many, StringComparer.Ordinal)
            );
        }
    }
}
