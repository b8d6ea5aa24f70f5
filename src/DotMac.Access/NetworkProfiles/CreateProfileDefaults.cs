using DotMac.Contracts.Network;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Adds defaults for a plan, a site, both, or (with neither) for all lines. They hold for profiles made from now on.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>network_profile_defaults.exists</c> 409.</remarks>
public static class CreateProfileDefaults
{
    [Requires("isp.radius.write")]
    public sealed record Command(DefaultsFields Fields);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/network/profile-defaults", Post).WithName(nameof(CreateProfileDefaults));

    private static async Task<Results<Created<DefaultsView>, ProblemHttpResult>> Post(
        DefaultsFields body,
        IHandle<Command, DefaultsView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(d => $"/api/v1/network/profile-defaults/{d.Id}");

    internal sealed class Handler(AccessDb db, UnitOfWork work, ISites sites, TimeProvider clock) : IHandle<Command, DefaultsView>
    {
        public async Task<Result<DefaultsView>> Handle(Command command, CancellationToken ct)
        {
            var defaults = new ProfileDefaults
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(),
                CreatedAt = clock.GetUtcNow(),
                UpdatedAt = clock.GetUtcNow(),
            };
            if (await NamedSite.CheckAsync(sites, command.Fields.SiteId, command.Fields.ApplyTo(defaults), ct) is { } refusal)
            {
                return refusal;
            }

            db.ProfileDefaults.Add(defaults);
            return await db.TrySaveAsync(ct, null, DefaultsErrors.Conflicts) is { } error
                ? error
                : DefaultsView.Of(defaults, PlanNames.Of(await PlanNames.ReadAsync(work, [defaults], ct), defaults));
        }
    }
}
