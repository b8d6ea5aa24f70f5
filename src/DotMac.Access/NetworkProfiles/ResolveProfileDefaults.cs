using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>What a new line of that plan at that site would get when nobody says otherwise.</summary>
public static class ResolveProfileDefaults
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid? BandwidthProfileId, Guid? SiteId);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/network/profile-defaults/resolve", Get).WithName(nameof(ResolveProfileDefaults));

    private static async Task<Results<Ok<ResolvedDefaults>, ProblemHttpResult>> Get(
        IHandle<Command, ResolvedDefaults> handler,
        CancellationToken ct,
        [FromQuery(Name = "bandwidth_profile_id")] Guid? bandwidthProfileId = null,
        [FromQuery(Name = "site_id")] Guid? siteId = null
    ) => (await handler.Handle(new Command(bandwidthProfileId, siteId), ct)).ToHttp();

    internal sealed class Handler(LineWriter lines) : IHandle<Command, ResolvedDefaults>
    {
        public async Task<Result<ResolvedDefaults>> Handle(Command command, CancellationToken ct) =>
            ResolvedDefaults.Of(await lines.DefaultsAsync(command.BandwidthProfileId, command.SiteId, ct));
    }
}
