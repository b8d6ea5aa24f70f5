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

/// <summary>Open sessions (or, with <c>active=false</c>, ended ones), newest first.</summary>
/// <remarks>
/// <c>username</c> is whole and in any case; <c>q</c> is found anywhere in username, Acct-Session-Id, station, addresses, port and NAS.
/// <c>sort</c> (of open sessions; newest first without it): started_at, updated_at, username, nas, download_bps, upload_bps, traffic; a -
/// before it begins at the end. <b>Errors:</b> <c>validation.failed</c> 400 (cursor, sort).
/// </remarks>
public static class ListSessions
{
    [Requires("isp.radius.read")]
    public sealed record Command(
        string? Username = null,
        [property: FromQuery(Name = "nas_id")] Guid? NasId = null,
        string? Q = null,
        bool? Active = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/sessions", Get).WithName(nameof(ListSessions));

    private static async Task<Results<Ok<Page<SessionView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<SessionView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<SessionView>>
    {
        public async Task<Result<Page<SessionView>>> Handle(Command command, CancellationToken ct)
        {
            if (SessionOrder.TryOf(command.Sort, out var sorted) is { } refusal)
            {
                return refusal;
            }

            var name = Input.Clean(command.Username)?.ToLowerInvariant();
            var subscriber = name is null ? null : await SubscriberKey.FindAsync(work, name, ct);
            var query = new SessionQuery(
                command.Active ?? true,
                subscriber,
                subscriber is null ? name : null,
                command.NasId,
                Input.Contains(command.Q),
                command.Limit,
                command.Cursor,
                command.Count is true,
                command.Active is false ? null : sorted
            );
            return await query.ReadAsync(work, ct);
        }
    }
}
