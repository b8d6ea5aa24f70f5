using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Why a line is suspended or would be: its reasons and shields, those that have ended too, newest first.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404.</remarks>
public static class ListSuspensions
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}/suspensions", Get).WithName(SubscriberKey.Name(nameof(ListSuspensions), routeBase));
        }
    }

    private static async Task<Results<Ok<SuspensionView>, ProblemHttpResult>> Get(
        string key,
        IHandle<Command, SuspensionView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, SuspensionView>
    {
        public async Task<Result<SuspensionView>> Handle(Command command, CancellationToken ct) =>
            await SubscriberKey.FindAsync(work, command.Key, ct) is { } id
                ? await SuspensionView.ReadAsync(work, id, clock.GetUtcNow(), ct)
                : AccessErrors.SubscriberNotFound;
    }
}
