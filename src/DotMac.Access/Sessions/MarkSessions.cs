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

namespace DotMac.Access.Sessions;

/// <summary>The doors to every page of the open sessions: what a list needs that scrolls to any place at once.</summary>
/// <remarks>
/// Filters and <c>sort</c> are those of the list. Cursor <c>n</c> opens page <c>n</c>, counted from 0, of <c>limit</c> rows.
/// <b>Errors:</b> <c>validation.failed</c> 400 (sort).
/// </remarks>
public static class MarkSessions
{
    [Requires("isp.radius.read")]
    public sealed record Command(
        [property: FromQuery(Name = "nas_id")] Guid? NasId = null,
        string? Q = null,
        string? Sort = null,
        int? Limit = null
    );

    /// <param name="AsOf">When the list was looked at; what started later is not counted.</param>
    /// <param name="Limit">Rows a page, to be asked for with each cursor.</param>
    public sealed record Response(DateTimeOffset AsOf, long Total, int Limit, IReadOnlyList<string> Cursors);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/sessions/marks", Get).WithName(nameof(MarkSessions));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (SessionOrder.TryOf(command.Sort, out var order) is { } refusal)
            {
                return refusal;
            }

            var asOf = clock.GetUtcNow();
            var limit = PageSize.Of(command.Limit);
            var query = new SessionQuery(true, null, null, command.NasId, Input.Contains(command.Q), Sorted: order);
            var (total, cursors) = await query.MarksAsync(work, limit, ct);
            return new Response(asOf, total, limit, cursors);
        }
    }
}
