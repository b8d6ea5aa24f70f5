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

/// <summary>Takes a bandwidth profile's volume cap away; what it had put in force is lifted within a minute.</summary>
/// <remarks><b>Errors:</b> <c>quota.not_found</c> 404 (it has none).</remarks>
public static class ClearProfileQuota
{
    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/radius/bandwidth-profiles/{id:guid}/quota", Delete).WithName(nameof(ClearProfileQuota));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var removed = await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    "DELETE FROM bandwidth_profile_quotas WHERE profile_id = @Id",
                    new { command.Id },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            if (removed == 0)
            {
                return QuotaErrors.NotFound;
            }

            audit.Note("quota.cleared", "bandwidth_profile", command.Id.ToString());
            return Done.Instance;
        }
    }
}
