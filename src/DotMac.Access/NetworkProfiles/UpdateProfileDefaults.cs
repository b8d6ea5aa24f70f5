using DotMac.Contracts.Network;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Changes the given fields of defaults; null says nothing from now on. Profiles that are there keep what they have.</summary>
/// <remarks>
/// <b>Errors:</b> <c>network_profile_defaults.not_found</c> 404, <c>validation.failed</c> 400, <c>network_profile_defaults.exists</c> 409,
/// <c>network_profile_defaults.changed</c> 412.
/// </remarks>
public static class UpdateProfileDefaults
{
    public sealed record Body(
        Optional<Guid?> BandwidthProfileId,
        Optional<Guid?> SiteId,
        Optional<string> VlanPool,
        Optional<string> Ipv4Pool,
        Optional<string> Ipv6Pool,
        Optional<string> PdPool,
        Optional<string> Ipv6AssignmentMode,
        Optional<string> Option82Policy,
        Optional<bool?> QinqEnabled,
        Optional<int?> Ipv6PdSize
    );

    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, Body Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPatch("/network/profile-defaults/{id:guid}", Patch).WithName(nameof(UpdateProfileDefaults));

    private static async Task<Results<Ok<DefaultsView>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        IHandle<Command, DefaultsView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, d => d.Version);

    internal sealed class Handler(AccessDb db, UnitOfWork work, ISites sites, TimeProvider clock) : IHandle<Command, DefaultsView>
    {
        public async Task<Result<DefaultsView>> Handle(Command command, CancellationToken ct)
        {
            if (await db.ProfileDefaults.SingleOrDefaultAsync(d => d.Id == command.Id, ct) is not { } defaults)
            {
                return DefaultsErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != defaults.Version)
            {
                return DefaultsErrors.Changed;
            }

            var others = Merge(DefaultsFields.Of(defaults), command.Change).ApplyTo(defaults);
            if (await NamedSite.CheckAsync(sites, command.Change.SiteId.Value, others, ct) is { } refusal)
            {
                return refusal;
            }

            if (db.ChangeTracker.HasChanges())
            {
                defaults.UpdatedAt = clock.GetUtcNow();
                defaults.Version++;
                if (await db.TrySaveAsync(ct, DefaultsErrors.Changed, DefaultsErrors.Conflicts) is { } error)
                {
                    return error;
                }
            }

            return DefaultsView.Of(defaults, PlanNames.Of(await PlanNames.ReadAsync(work, [defaults], ct), defaults));
        }

        private static DefaultsFields Merge(DefaultsFields now, Body change) =>
            new(
                change.BandwidthProfileId.Or(now.BandwidthProfileId),
                change.SiteId.Or(now.SiteId),
                change.VlanPool.Or(now.VlanPool),
                change.Ipv4Pool.Or(now.Ipv4Pool),
                change.Ipv6Pool.Or(now.Ipv6Pool),
                change.PdPool.Or(now.PdPool),
                change.Ipv6AssignmentMode.Or(now.Ipv6AssignmentMode),
                change.Option82Policy.Or(now.Option82Policy),
                change.QinqEnabled.Or(now.QinqEnabled),
                change.Ipv6PdSize.Or(now.Ipv6PdSize)
            );
    }
}
