using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Quotas;

/// <summary>The monthly volume cap of a bandwidth profile.</summary>
/// <remarks><b>Errors:</b> <c>bandwidth_profile.not_found</c> 404, <c>quota.not_found</c> 404 (it has none).</remarks>
public static class GetProfileQuota
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/bandwidth-profiles/{id:guid}/quota", Get).WithName(nameof(GetProfileQuota));

    private static async Task<Results<Ok<ProfileQuotaView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, ProfileQuotaView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, ProfileQuotaView>
    {
        public async Task<Result<ProfileQuotaView>> Handle(Command command, CancellationToken ct)
        {
            if (await ProfileQuotaView.FindAsync(work, command.Id, ct) is { } quota)
            {
                return quota;
            }

            return await ProfileQuotaView.ProfileExistsAsync(work, command.Id, ct) ? QuotaErrors.NotFound : QuotaErrors.ProfileNotFound;
        }
    }
}
