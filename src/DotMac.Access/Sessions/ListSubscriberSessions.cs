using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Sessions;

/// <summary>A subscriber's sessions, open and ended, newest first.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404, <c>validation.failed</c> 400 (cursor).</remarks>
public static class ListSubscriberSessions
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, int? Limit, string? Cursor, bool? Count);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}/sessions", Get).WithName(SubscriberKey.Name(nameof(ListSubscriberSessions), routeBase));
        }
    }

    private static async Task<Results<Ok<Page<SessionView>>, ProblemHttpResult>> Get(
        string key,
        int? limit,
        string? cursor,
        bool? count,
        IHandle<Command, Page<SessionView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, limit, cursor, count), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<SessionView>>
    {
        public async Task<Result<Page<SessionView>>> Handle(Command command, CancellationToken ct) =>
            await SubscriberKey.FindAsync(work, command.Key, ct) is { } subscriber
                ? await new SessionQuery(
                    SubscriberId: subscriber,
                    Limit: command.Limit,
                    Cursor: command.Cursor,
                    Count: command.Count is true
                ).ReadAsync(work, ct)
                : AccessErrors.SubscriberNotFound;
    }
}
