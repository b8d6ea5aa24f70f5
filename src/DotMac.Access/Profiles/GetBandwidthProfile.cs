using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Profiles;

/// <summary>One bandwidth profile.</summary>
/// <remarks><b>Errors:</b> <c>bandwidth_profile.not_found</c> 404 (also for another tenant's).</remarks>
public static class GetBandwidthProfile
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/bandwidth-profiles/{id:guid}", Get).WithName(nameof(GetBandwidthProfile));

    private static async Task<Results<Ok<ProfileView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, ProfileView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, p => p.Version);

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, ProfileView>
    {
        public async Task<Result<ProfileView>> Handle(Command command, CancellationToken ct) =>
            await ProfileView.FindAsync(work, command.Id, ct) is { } profile ? profile : ProfileErrors.NotFound;
    }
}
