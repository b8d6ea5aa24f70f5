using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Quotas;

/// <summary>The monthly volume cap of a bandwidth profile; 204 when it has none.</summary>
/// <remarks><b>Errors:</b> <c>bandwidth_profile.not_found</c> 404.</remarks>
public static class GetProfileQuota
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id);

    internal sealed record Found(ProfileQuotaView? Quota);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/bandwidth-profiles/{id:guid}/quota", Get).WithName(nameof(GetProfileQuota));

    private static async Task<Results<Ok<ProfileQuotaView>, NoContent, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, Found> handler,
        CancellationToken ct
    )
    {
        var found = await handler.Handle(new Command(id), ct);
        if (found.Error is { } error)
        {
            return Problems.ToProblem(error);
        }

        return found.Value.Quota is { } quota ? TypedResults.Ok(quota) : TypedResults.NoContent();
    }

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Found>
    {
        public async Task<Result<Found>> Handle(Command command, CancellationToken ct)
        {
            var quota = await ProfileQuotaView.FindAsync(work, command.Id, ct);
            return quota is not null || await ProfileQuotaView.ProfileExistsAsync(work, command.Id, ct)
                ? new Found(quota)
                : QuotaErrors.ProfileNotFound;
        }
    }
}
