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

/// <summary>Changes the given fields of a subscriber's network profile; in force within a second.</summary>
/// <remarks>
/// <b>Errors:</b> those of <see cref="PutNetworkProfile"/>, <c>network_profile.not_found</c> 404. <b>Effects:</b>
/// <see cref="LineVlanChanged"/> when the VLAN changed.
/// </remarks>
public static class PatchNetworkProfile
{
    /// <summary>Absent keeps, null clears (or sets back to what a line without defaults has).</summary>
    public sealed record Body(
        Optional<string> CircuitId,
        Optional<string> RemoteId,
        Optional<string> Option82Policy,
        Optional<int?> ServiceVlan,
        Optional<int?> InnerVlan,
        Optional<bool?> QinqEnabled,
        Optional<string> VlanPool,
        Optional<string> StaticIpv4,
        Optional<string> Ipv4Netmask,
        Optional<string> Ipv4Pool,
        Optional<string> Ipv6AssignmentMode,
        Optional<string> StaticIpv6,
        Optional<string> Ipv6Prefix,
        Optional<string> Ipv6Pool,
        Optional<string> DelegatedIpv6Prefix,
        Optional<int?> Ipv6PdSize,
        Optional<string> PdPool,
        Optional<string> NasIpv4Pool,
        Optional<string> NasIpv6Pool,
        Optional<string> NasPdPool,
        Optional<Guid?> SiteId
    );

    [Requires("isp.radius.write")]
    public sealed record Command(string Key, Body Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPatch(ProfileKey.Route + "/profile", Patch).WithName(nameof(PatchNetworkProfile));

    private static async Task<Results<Ok<NetworkProfileView>, ProblemHttpResult>> Patch(
        string key,
        Body body,
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

            if (!line.IsSet)
            {
                return NetworkProfileErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != line.Version)
            {
                return NetworkProfileErrors.Changed;
            }

            var before = line.Facts;
            var read = Merge(NetworkProfileFields.Of(before), command.Change).Read();
            if (await NamedSite.CheckAsync(sites, command.Change.SiteId.Value, read.Error, ct) is { } refusal)
            {
                return refusal;
            }

            if (await lines.TellAsync(line, read.Value, ct) is { } error)
            {
                return error;
            }

            LineVlans.Tell(outbox, line, before);
            return await NetworkProfileView.OfAsync(work, line, ct);
        }

        private static NetworkProfileFields Merge(NetworkProfileFields now, Body change)
        {
            var address = change.StaticIpv4.Or(now.StaticIpv4);
            return new NetworkProfileFields(
                change.CircuitId.Or(now.CircuitId),
                change.RemoteId.Or(now.RemoteId),
                change.Option82Policy.Or(now.Option82Policy),
                change.ServiceVlan.Or(now.ServiceVlan),
                change.InnerVlan.Or(now.InnerVlan),
                // Who gives an inner VLAN means Q-in-Q, unless he says otherwise.
                change.QinqEnabled.Or(change.InnerVlan is { IsSet: true, Value: not null } ? true : now.QinqEnabled),
                change.VlanPool.Or(now.VlanPool),
                address,
                change.Ipv4Netmask.Or(address is null ? null : now.Ipv4Netmask),
                change.Ipv4Pool.Or(now.Ipv4Pool),
                change.Ipv6AssignmentMode.Or(now.Ipv6AssignmentMode),
                change.StaticIpv6.Or(now.StaticIpv6),
                change.Ipv6Prefix.Or(now.Ipv6Prefix),
                change.Ipv6Pool.Or(now.Ipv6Pool),
                change.DelegatedIpv6Prefix.Or(now.DelegatedIpv6Prefix),
                change.Ipv6PdSize.Or(now.Ipv6PdSize),
                change.PdPool.Or(now.PdPool),
                change.NasIpv4Pool.Or(now.NasIpv4Pool),
                change.NasIpv6Pool.Or(now.NasIpv6Pool),
                change.NasPdPool.Or(now.NasPdPool),
                change.SiteId.Or(now.SiteId)
            );
        }
    }
}
