using DotMac.Contracts.Access;
using DotMac.Contracts.Network;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Makes a subscriber's network profile, or sets all of it anew. What is not given comes from the defaults of plan and site. RADIUS answers
/// with it within a second.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>subscriber.not_found</c> 404, <c>validation.failed</c> 400, <c>network_profile.address_taken</c> and
/// <c>network_profile.vlan_taken</c> 409 (all of them in errors), <c>network_profile.changed</c> 412. <b>Effects:</b> <see cref="LineVlanChanged"/> when the VLAN changed.
/// </remarks>
public static class PutNetworkProfile
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key, NetworkProfileFields Fields, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPut(ProfileKey.Route + "/profile", Put).WithName(nameof(PutNetworkProfile));

    private static async Task<Results<Ok<NetworkProfileView>, ProblemHttpResult>> Put(
        string key,
        NetworkProfileFields body,
        IHandle<Command, NetworkProfileView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, body, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, p => p.Version);

    internal sealed class Handler(UnitOfWork work, LineWriter lines, ISites sites, EventOutbox outbox)
        : IHandle<Command, NetworkProfileView>
    {
        public async Task<Result<NetworkProfileView>> Handle(Command command, CancellationToken ct)
        {
            if (await ProfileKey.FindAsync(work, lines, command.Key, ct) is not { } line)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (command.IfMatch is { } version && version != line.Version)
            {
                return NetworkProfileErrors.Changed;
            }

            var defaults = await lines.DefaultsAsync(line.Subscriber.BandwidthProfileId, command.Fields.SiteId, ct);
            var read = command.Fields.Over(defaults).Read();
            if (await NamedSite.CheckAsync(sites, command.Fields.SiteId, read.Error, ct) is { } refusal)
            {
                return refusal;
            }

            var before = line.Facts;
            if (await lines.TellAsync(line, read.Value, ct) is { } error)
            {
                return error;
            }

            LineVlans.Tell(outbox, line, before);
            return await NetworkProfileView.OfAsync(work, line, ct);
        }
    }
}
