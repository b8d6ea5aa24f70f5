using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Quotas;

/// <summary>Takes a subscriber's own cap away; its profile's holds again, at once.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404, <c>quota.not_found</c> 404 (it has none of its own).</remarks>
public static class ClearSubscriberQuota
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapDelete(routeBase + "/{key}/quota", Delete).WithName(SubscriberKey.Name(nameof(ClearSubscriberQuota), routeBase));
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string key,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, QuotaCheck check, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } subscriber)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var removed = await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    "DELETE FROM subscriber_quotas WHERE subscriber_id = @subscriber",
                    new { subscriber },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            if (removed == 0)
            {
                return QuotaErrors.NotFound;
            }

            audit.Note("quota.cleared", "subscriber", subscriber.ToString());
            await check.RunAsync([subscriber], ct);
            return Done.Instance;
        }
    }
}
