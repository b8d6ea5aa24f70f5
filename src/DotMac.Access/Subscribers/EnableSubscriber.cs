using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>Lets a subscriber sign on again; in force within a second. Repeating it changes nothing.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404, <c>subscriber.not_in_service</c> 409, <c>subscriber.changed</c> 412.</remarks>
public static class EnableSubscriber
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/enable", Post).WithName(SubscriberKey.Name(nameof(EnableSubscriber), routeBase));
        }
    }

    private static async Task<Results<Ok<SubscriberView>, ProblemHttpResult>> Post(
        string key,
        IHandle<Command, SubscriberView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key), ct)).ToHttp(response, s => s.Version);

    internal sealed class Handler(AccessDb db, UnitOfWork work, TimeProvider clock) : IHandle<Command, SubscriberView>
    {
        public async Task<Result<SubscriberView>> Handle(Command command, CancellationToken ct)
        {
            var subscriber = await LoadedSubscriber.OfAsync(db, work, command.Key, ct);
            if (subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (!subscriber.Enabled)
            {
                if (subscriber.Ask(true, subscriber.Suspended, subscriber.SuspensionReason, clock.GetUtcNow()) is { } refusal)
                {
                    return refusal;
                }

                subscriber.Touch(clock.GetUtcNow());
                if (await db.TrySaveAsync(ct, SubscriberErrors.Changed) is { } error)
                {
                    return error;
                }
            }

            return (await SubscriberView.FindAsync(work, subscriber.Id, ct))!;
        }
    }
}
