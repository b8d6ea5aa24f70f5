using System.Globalization;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa;

/// <summary>Where a subscriber signed on from though it is not its line (Option 82), newest first; and how the latest check went.</summary>
/// <remarks>
/// Written within a second of the sign-on; an alert that is not seen again for 90 days goes. <b>Errors:</b> <c>subscriber.not_found</c> 404,
/// <c>validation.failed</c> 400 (cursor).
/// </remarks>
public static class ListSubscriberAlerts
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, int? Limit, string? Cursor);

    /// <param name="Line">Null when the subscriber's ids were never checked.</param>
    public sealed record Response(Line? Line, IReadOnlyList<Alert> Items, string? NextCursor);

    /// <param name="LastResult">match, mismatch or missing.</param>
    /// <param name="LastValidatedAt">Exact to ten minutes while it matches.</param>
    /// <param name="MismatchCount">Sign-ons with a wrong id or with none, since the subscriber was made.</param>
    public sealed record Line(DateTimeOffset LastValidatedAt, string LastResult, long MismatchCount);

    /// <param name="Code">option82.mismatch or option82.missing.</param>
    /// <param name="Policy">The policy of the latest one: enforce or log.</param>
    /// <param name="Outcome">What became of the latest one: accept or reject.</param>
    /// <param name="Count">How often from this place.</param>
    public sealed record Alert(
        Guid Id,
        string Code,
        string Policy,
        string Outcome,
        DateTimeOffset FirstAt,
        DateTimeOffset LastAt,
        long Count,
        AlertNas? Nas,
        string? ExpectedCircuitId,
        string? ActualCircuitId,
        string? ExpectedRemoteId,
        string? ActualRemoteId
    );

    public sealed record AlertNas(Guid Id, string Shortname);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}/alerts", Get).WithName(SubscriberKey.Name(nameof(ListSubscriberAlerts), routeBase));
        }
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        string key,
        int? limit,
        string? cursor,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, limit, cursor), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string Newest = """
            SELECT a.id, a.code, a.policy, a.accepted, a.first_at, a.last_at, a.count, n.id AS nas_id, n.shortname,
                a.expected_circuit_id, a.actual_circuit_id, a.expected_remote_id, a.actual_remote_id
            FROM subscriber_alerts a LEFT JOIN nas n ON n.id = a.nas_id
            WHERE a.subscriber_id = @subscriber AND (@at::timestamptz IS NULL OR (a.last_at, a.id) < (@at, @id))
            ORDER BY a.last_at DESC, a.id DESC LIMIT @take
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } subscriber)
            {
                return AccessErrors.SubscriberNotFound;
            }

            DateTimeOffset? at = null;
            var id = Guid.Empty;
            if (command.Cursor is { Length: > 0 } cursor)
            {
                if (
                    Cursor.Decode(cursor, 2) is not [{ } time, { } last]
                    || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var before)
                    || !Guid.TryParse(last, out id)
                )
                {
                    return Cursor.Malformed;
                }

                at = before;
            }

            var limit = PageSize.Of(command.Limit);
            var rows = await work.Connection.QueryAsync<Row>(
                new CommandDefinition(
                    Newest,
                    new
                    {
                        subscriber,
                        at,
                        id,
                        take = limit + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var page = Page<Alert>.Of(
                [.. rows],
                limit,
                r => r.ToAlert(),
                r => Cursor.Encode(r.LastAt.ToString("O", CultureInfo.InvariantCulture), r.Id.ToString())
            );
            return new Response(await LineAsync(subscriber, ct), page.Items, page.NextCursor);
        }

        private async Task<Line?> LineAsync(Guid subscriber, CancellationToken ct)
        {
            var row = await work.Connection.QuerySingleOrDefaultAsync<LineRow>(
                new CommandDefinition(
                    "SELECT last_validated_at, last_result, mismatch_count FROM line_validations WHERE subscriber_id = @subscriber",
                    new { subscriber },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return row is null ? null : new Line(row.LastValidatedAt, Words.Of((Option82Result)row.LastResult), row.MismatchCount);
        }

        private sealed record LineRow(DateTimeOffset LastValidatedAt, short LastResult, long MismatchCount);

        private sealed record Row(
            Guid Id,
            string Code,
            short Policy,
            bool Accepted,
            DateTimeOffset FirstAt,
            DateTimeOffset LastAt,
            long Count,
            Guid? NasId,
            string? Shortname,
            string? ExpectedCircuitId,
            string? ActualCircuitId,
            string? ExpectedRemoteId,
            string? ActualRemoteId
        )
        {
            public Alert ToAlert() =>
                new(
                    Id,
                    Code,
                    Words.Of((Option82Policy)Policy),
                    Accepted ? "accept" : "reject",
                    FirstAt,
                    LastAt,
                    Count,
                    NasId is { } nas ? new AlertNas(nas, Shortname!) : null,
                    ExpectedCircuitId,
                    ActualCircuitId,
                    ExpectedRemoteId,
                    ActualRemoteId
                );
        }
    }
}
