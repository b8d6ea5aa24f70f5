using System.Globalization;
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

namespace DotMac.Access.Aaa.Decisions;

/// <summary>Answers to Access-Requests, newest first; rejects unless told otherwise.</summary>
/// <remarks>
/// <c>outcome</c> is reject (default), accept or all; <c>code</c> one reason; <c>username</c> a whole name in any case, known or not, or a
/// subscriber's id. <c>from</c> and <c>to</c> default to the last 30 days. <b>Errors:</b> <c>validation.failed</c> 400, <c>nas.not_found</c> 404.
/// </remarks>
public static class ListDecisions
{
    [Requires("isp.radius.read")]
    public sealed record Command(
        string? Outcome = null,
        string? Code = null,
        [property: FromQuery(Name = "nas_id")] Guid? NasId = null,
        string? Username = null,
        DateTimeOffset? From = null,
        DateTimeOffset? To = null,
        int? Limit = null,
        string? Cursor = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/decisions", Get).WithName(nameof(ListDecisions));

    private static async Task<Results<Ok<Page<DecisionView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<DecisionView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Page<DecisionView>>
    {
        public async Task<Result<Page<DecisionView>>> Handle(Command command, CancellationToken ct)
        {
            var window = DecisionWindow.Of(command.From, command.To, clock.GetUtcNow());
            var faults = window
                .Check(new Faults())
                .Check(command.Outcome is null or "reject" or "accept" or "all", "outcome", "unknown", "reject, accept or all.")
                .Check(command.Username is not { Length: > 253 }, "username", "too_long", "At most 253 characters.");
            short number = 0;
            if (Input.Clean(command.Code) is { } code && !DecisionCodes.Numbers.TryGetValue(code, out number))
            {
                faults.Add("code", "unknown", $"One of {string.Join(", ", DecisionCodes.Numbers.Keys.Order(StringComparer.Ordinal))}.");
            }

            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            if (!TryReadCursor(command.Cursor, out var before))
            {
                return Kernel.Paging.Cursor.Malformed;
            }

            int? nas = null;
            if (command.NasId is { } id)
            {
                if (await NasNumberAsync(work, id, ct) is not { } known)
                {
                    return Error.NotFound("nas.not_found", "There is no such NAS.");
                }

                nas = known;
            }

            var username = Input.Clean(command.Username);
            var limit = PageSize.Of(command.Limit);
            var query = new DecisionQuery(
                window.From,
                window.To,
                number != 0 ? DecisionCodes.IsAccepted(number)
                    : command.Outcome == "all" ? null
                    : command.Outcome == "accept",
                number == 0 ? null : [number],
                username is null ? null : await SubscriberKey.FindAsync(work, username, ct),
                username,
                nas,
                before
            );
            var rows = await query.ReadAsync(work, limit + 1, ct);
            return Page<DecisionView>.Of(
                rows,
                limit,
                r => r.ToView(),
                r =>
                    Kernel.Paging.Cursor.Encode(
                        r.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                        r.Writer.ToString(CultureInfo.InvariantCulture)
                    )
            );
        }

        private static bool TryReadCursor(string? cursor, out (DateTimeOffset, short)? before)
        {
            before = null;
            if (string.IsNullOrEmpty(cursor))
            {
                return true;
            }

            if (
                Kernel.Paging.Cursor.Decode(cursor, 2) is not [{ } at, { } writer]
                || !DateTimeOffset.TryParseExact(at, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                || !short.TryParse(writer, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
            {
                return false;
            }

            before = (time, number);
            return true;
        }
    }

    internal static Task<int?> NasNumberAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<int?>(
            new CommandDefinition("SELECT number FROM nas WHERE id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}

/// <summary>A stretch of time inside what is kept.</summary>
internal readonly record struct DecisionWindow(DateTimeOffset From, DateTimeOffset To)
{
    public static DecisionWindow Of(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now) =>
        new((from ?? now.AddDays(-DecisionStore.KeepDays)).ToUniversalTime(), (to ?? now.AddMinutes(1)).ToUniversalTime());

    public Faults Check(Faults faults) => faults.Check(From < To, "from", "out_of_range", "This must be before to.");
}
