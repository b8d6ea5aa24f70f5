using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>One subscriber, by id or username.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404 (also for another tenant's).</remarks>
public static class GetSubscriber
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}", Get).WithName(SubscriberKey.Name(nameof(GetSubscriber), routeBase));
        }
    }

    private static async Task<Results<Ok<SubscriberView>, ProblemHttpResult>> Get(
        string key,
        IHandle<Command, SubscriberView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key), ct)).ToHttp(response, s => s.Version);

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, SubscriberView>
    {
        public async Task<Result<SubscriberView>> Handle(Command command, CancellationToken ct) =>
            await SubscriberKey.FindAsync(work, command.Key, ct) is { } id && await SubscriberView.FindAsync(work, id, ct) is { } subscriber
                ? subscriber
                : AccessErrors.SubscriberNotFound;
    }
}
