using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>How many answers of each code, over a stretch of time (in steps of five minutes), of one NAS or of all.</summary>
/// <remarks>The last hour unless told. <b>Errors:</b> <c>validation.failed</c> 400, <c>nas.not_found</c> 404.</remarks>
public static class SummarizeDecisions
{
    [Requires("isp.radius.read")]
    public sealed record Command(
        DateTimeOffset? From = null,
        DateTimeOffset? To = null,
        [property: FromQuery(Name = "nas_id")] Guid? NasId = null
    );

    /// <param name="From">Where counting really begins: at a whole step of five minutes.</param>
    public sealed record Response(DateTimeOffset From, DateTimeOffset To, long Accepts, long Rejects, IReadOnlyList<OfCode> Codes);

    public sealed record OfCode(string Code, string Outcome, string? Detail, long Count);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/decisions/summary", Get).WithName(nameof(SummarizeDecisions));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Counts = """
            SELECT code, sum(count)::bigint AS count FROM decision_counts
            WHERE bucket >= @from AND bucket < @to AND (@nas::int IS NULL OR nas_number = @nas)
            GROUP BY code ORDER BY 2 DESC, 1
            """;

        private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var window = DecisionWindow.Of(command.From ?? now.AddHours(-1), command.To, now);
            if (window.Check(new Faults()).Error is { } refusal)
            {
                return refusal;
            }

            int? nas = null;
            if (command.NasId is { } id)
            {
                if (await ListDecisions.NasNumberAsync(work, id, ct) is not { } known)
                {
                    return Error.NotFound("nas.not_found", "There is no such NAS.");
                }

                nas = known;
            }

            var from = new DateTimeOffset(window.From.UtcTicks - (window.From.UtcTicks % Step.Ticks), TimeSpan.Zero);
            var rows = (
                await work.Connection.QueryAsync<(short Code, long Count)>(
                    new CommandDefinition(
                        Counts,
                        new
                        {
                            from,
                            to = window.To,
                            nas,
                        },
                        work.Transaction,
                        cancellationToken: ct
                    )
                )
            ).AsList();
            return new Response(
                from,
                window.To,
                rows.Where(r => DecisionCodes.IsAccepted(r.Code)).Sum(r => r.Count),
                rows.Where(r => !DecisionCodes.IsAccepted(r.Code)).Sum(r => r.Count),
                [.. rows.Select(r => Of(r.Code, r.Count))]
            );
        }

        private static OfCode Of(short number, long count)
        {
            var code = DecisionCodes.Of(number);
            var detail = Verdict.All.FirstOrDefault(v => v.Code == code)?.Explanation;
            return new OfCode(code, DecisionCodes.IsAccepted(number) ? "accept" : "reject", detail, count);
        }
    }
}
