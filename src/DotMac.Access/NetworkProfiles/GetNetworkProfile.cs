using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>The network profile of a subscriber, by its id or username.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404, <c>network_profile.not_found</c> 404.</remarks>
public static class GetNetworkProfile
{
    /// <param name="OrEmpty">Without a profile: answers an empty one that is not stored, instead of 404.</param>
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, bool OrEmpty = false);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(ProfileKey.Route + "/profile", Get).WithName(nameof(GetNetworkProfile));

    private static async Task<Results<Ok<NetworkProfileView>, ProblemHttpResult>> Get(
        string key,
        IHandle<Command, NetworkProfileView> handler,
        HttpResponse response,
        CancellationToken ct,
        [FromQuery(Name = "or_empty")] bool orEmpty = false
    ) => (await handler.Handle(new Command(key, orEmpty), ct)).ToHttp(response, p => p.Version);

    internal sealed class Handler(UnitOfWork work, LineWriter lines) : IHandle<Command, NetworkProfileView>
    {
        public async Task<Result<NetworkProfileView>> Handle(Command command, CancellationToken ct) =>
            await ProfileKey.FindAsync(work, lines, command.Key, ct) is not { } line ? AccessErrors.SubscriberNotFound
            : line.IsSet || command.OrEmpty ? await NetworkProfileView.OfAsync(work, line, ct)
            : NetworkProfileErrors.NotFound;
    }
}
