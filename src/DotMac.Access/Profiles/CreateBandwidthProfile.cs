using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Profiles;

/// <summary>Adds a bandwidth profile.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>bandwidth_profile.name_taken</c> 409.</remarks>
public static class CreateBandwidthProfile
{
    [Requires("isp.radius.write")]
    public sealed record Command(ProfileFields Fields);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/bandwidth-profiles", Post).WithName(nameof(CreateBandwidthProfile));

    private static async Task<Results<Created<ProfileView>, ProblemHttpResult>> Post(
        ProfileFields body,
        IHandle<Command, ProfileView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(p => $"/api/v1/radius/bandwidth-profiles/{p.Id}");

    internal sealed class Handler(AccessDb db, UnitOfWork work, TimeProvider clock) : IHandle<Command, ProfileView>
    {
        public async Task<Result<ProfileView>> Handle(Command command, CancellationToken ct)
        {
            var fields = command.Fields.Cleaned();
            if (fields.Refusal() is { } refusal)
            {
                return refusal;
            }

            var profile = new BandwidthProfile
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(),
                Name = fields.Name!,
                DownloadRateKbps = 0,
                UploadRateKbps = 0,
                CreatedAt = clock.GetUtcNow(),
                UpdatedAt = clock.GetUtcNow(),
            };
            fields.ApplyTo(profile);
            db.BandwidthProfiles.Add(profile);
            if (await db.TrySaveAsync(ct, null, ("radius_bandwidth_profiles_name_key", ProfileErrors.NameTaken(profile.Name))) is { } taken)
            {
                return taken;
            }

            return (await ProfileView.FindAsync(work, profile.Id, ct))!;
        }
    }
}
