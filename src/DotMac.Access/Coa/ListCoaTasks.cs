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

namespace DotMac.Access.Coa;

/// <summary>What was and is to be asked of NAS, newest first: of one run, one subscriber, one session, or in one state.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListCoaTasks
{
    /// <param name="SessionId">A session's id in this API.</param>
    /// <param name="State">queued, sending, retrying, done, failed or cancelled.</param>
    [Requires("isp.radius.read")]
    public sealed record Command(
        [property: FromQuery(Name = "run_id")] Guid? RunId = null,
        [property: FromQuery(Name = "subscriber_id")] Guid? SubscriberId = null,
        [property: FromQuery(Name = "session_id")] string? SessionId = null,
        string? State = null,
        int? Limit = null,
        string? Cursor = null
    );

    /// <param name="SessionId">The session's id in this API.</param>
    /// <param name="Attempts">Sendings of the request, each up to three packets.</param>
    /// <param name="MaybeTwice">A worker ended over it: it may have been sent once more than is known.</param>
    /// <param name="Verification">none, pending, verified (accounting shows it) or unverified (it should and does not).</param>
    public sealed record Item(
        Guid Id,
        Guid? RunId,
        string Kind,
        string State,
        string SessionId,
        string AcctSessionId,
        string? Username,
        Guid? SubscriberId,
        DisconnectNas? Nas,
        string? Outcome,
        int? ErrorCause,
        string? Message,
        int Attempts,
        bool MaybeTwice,
        DateTimeOffset? AskedAgainAt,
        string Verification,
        DateTimeOffset? VerifiedAt,
        DateTimeOffset CreatedAt,
        string CreatedBy
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/coa/tasks", Get).WithName(nameof(ListCoaTasks));

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<Item>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<Item>>
    {
        private const string Rows = """
            SELECT t.id, t.run_id, t.kind, t.state, t.acctuniqueid, t.session_number, t.acctsessionid, t.username, t.subscriber_id,
                n.id AS nas_id, n.shortname, t.outcome, t.error_cause, t.message, t.attempts, t.maybe_twice, t.due_at, t.verification,
                t.verified_at, t.created_at, t.created_by
            FROM coa_tasks t LEFT JOIN nas n ON n.id = t.nas_id
            WHERE (@RunId::uuid IS NULL OR t.run_id = @RunId) AND (@SubscriberId::uuid IS NULL OR t.subscriber_id = @SubscriberId)
                AND (@uniqueId::text IS NULL OR (t.acctuniqueid = @uniqueId AND (@number::bigint IS NULL OR t.session_number = @number)))
                AND (@state::smallint IS NULL OR t.state = @state) AND (@at::timestamptz IS NULL OR (t.created_at, t.id) < (@at, @id))
            ORDER BY t.created_at DESC, t.id DESC LIMIT @take
            """;

        public async Task<Result<Page<Item>>> Handle(Command command, CancellationToken ct)
        {
            var state = Words.Read<CoaState>(command.State);
            if (command.State is not null && state is null)
            {
                return new Faults().Add("state", "unknown", $"One of {Words.All<CoaState>()}.").Error!;
            }

            DateTimeOffset? at = null;
            Guid? id = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (
                    Cursor.Decode(command.Cursor, 2) is not [{ } time, { } key]
                    || !DateTimeOffset.TryParse(time, System.Globalization.CultureInfo.InvariantCulture, out var parsed)
                    || !Guid.TryParse(key, out var last)
                )
                {
                    return Cursor.Malformed;
                }

                (at, id) = (parsed, last);
            }

            var (uniqueId, number) = command.SessionId is { Length: > 0 } session ? DotMac.Access.SessionId.Read(session) : (null, null);
            var limit = PageSize.Of(command.Limit);
            var rows = await work.Connection.QueryAsync<Row>(
                new CommandDefinition(
                    Rows,
                    new
                    {
                        command.RunId,
                        command.SubscriberId,
                        uniqueId,
                        number,
                        state = (short?)state,
                        at,
                        id,
                        take = limit + 1,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return Page<Item>.Of(
                [.. rows],
                limit,
                r => r.ToItem(),
                r =>
                    Cursor.Encode(r.CreatedAt.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture), r.Id.ToString())
            );
        }

        private sealed record Row(
            Guid Id,
            Guid? RunId,
            short Kind,
            short State,
            string Acctuniqueid,
            long SessionNumber,
            string Acctsessionid,
            string? Username,
            Guid? SubscriberId,
            Guid? NasId,
            string? Shortname,
            string? Outcome,
            int? ErrorCause,
            string? Message,
            int Attempts,
            bool MaybeTwice,
            DateTimeOffset DueAt,
            short Verification,
            DateTimeOffset? VerifiedAt,
            DateTimeOffset CreatedAt,
            string CreatedBy
        )
        {
            public Item ToItem() =>
                new(
                    Id,
                    RunId,
                    Words.Of((CoaKind)Kind),
                    Words.Of((CoaState)State),
                    DotMac.Access.SessionId.Of(Acctuniqueid, SessionNumber),
                    Acctsessionid,
                    Username,
                    SubscriberId,
                    NasId is { } nas ? new DisconnectNas(nas, Shortname!) : null,
                    Outcome,
                    ErrorCause,
                    Message,
                    Attempts,
                    MaybeTwice,
                    (CoaState)State == CoaState.Retrying ? DueAt : null,
                    Words.Of((CoaVerification)Verification),
                    VerifiedAt,
                    CreatedAt,
                    CreatedBy
                );
        }
    }
}
