using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Quotas;

/// <summary>A subscriber's volume cap, what it has used of it in this period, and what is in force because of it.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404.</remarks>
public static class GetSubscriberQuota
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}/quota", Get).WithName(SubscriberKey.Name(nameof(GetSubscriberQuota), routeBase));
        }
    }

    private static async Task<Results<Ok<QuotaView>, ProblemHttpResult>> Get(
        string key,
        IHandle<Command, QuotaView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, QuotaView>
    {
        public async Task<Result<QuotaView>> Handle(Command command, CancellationToken ct) =>
            await SubscriberKey.FindAsync(work, command.Key, ct) is { } subscriber
                ? await QuotaView.ReadAsync(work, subscriber, clock.GetUtcNow(), ct)
                : AccessErrors.SubscriberNotFound;
    }
}
