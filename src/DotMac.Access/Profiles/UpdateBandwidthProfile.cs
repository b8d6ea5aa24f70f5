using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Profiles;

/// <summary>Changes the given fields of a bandwidth profile; its subscribers get the new rates at their next sign-on. The answer offers to tell running sessions.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>bandwidth_profile.not_found</c> 404, <c>bandwidth_profile.name_taken</c> 409,
/// <c>bandwidth_profile.changed</c> 412 (If-Match does not fit, or a race was lost).
/// </remarks>
public static class UpdateBandwidthProfile
{
    /// <summary>Absent keeps, null clears.</summary>
    public sealed record Body(
        Optional<string> Name,
        Optional<int?> DownloadRateKbps,
        Optional<int?> UploadRateKbps,
        Optional<string> Description,
        Optional<int?> DownloadBurstKbps,
        Optional<int?> UploadBurstKbps,
        Optional<int?> BurstThresholdPercent,
        Optional<int?> BurstTimeSeconds,
        Optional<int?> Priority,
        Optional<string> VendorProfileName,
        Optional<IReadOnlyList<string?>> AllowedNasGroups
    );

    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, Body Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPatch("/radius/bandwidth-profiles/{id:guid}", Patch).WithName(nameof(UpdateBandwidthProfile));

    private static async Task<Results<Ok<ProfileView>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        IHandle<Command, ProfileView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, p => p.Version);

    internal sealed class Handler(AccessDb db, UnitOfWork work, TimeProvider clock) : IHandle<Command, ProfileView>
    {
        public async Task<Result<ProfileView>> Handle(Command command, CancellationToken ct)
        {
            var profile = await db.BandwidthProfiles.SingleOrDefaultAsync(p => p.Id == command.Id, ct);
            if (profile is null)
            {
                return ProfileErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != profile.Version)
            {
                return ProfileErrors.Changed;
            }

            var fields = Merge(profile, command.Change).Cleaned();
            if (fields.Refusal() is { } refusal)
            {
                return refusal;
            }

            var rates = Rates(profile);
            fields.ApplyTo(profile);
            if (db.ChangeTracker.HasChanges())
            {
                profile.UpdatedAt = clock.GetUtcNow();
                profile.Version++;
                var taken = ("radius_bandwidth_profiles_name_key", ProfileErrors.NameTaken(profile.Name));
                if (await db.TrySaveAsync(ct, ProfileErrors.Changed, taken) is { } error)
                {
                    return error;
                }
            }

            var view = (await ProfileView.FindAsync(work, profile.Id, ct))!;
            return rates == Rates(profile) ? view : view with { CoaRun = await OfferedRun.OfAsync(work, view.Id, ct) };
        }

        /// <summary>What a NAS is told of it.</summary>
        private static (int, int, int?, int?, int?, int?, int?, string?) Rates(BandwidthProfile of) =>
            (
                of.DownloadRateKbps,
                of.UploadRateKbps,
                of.DownloadBurstKbps,
                of.UploadBurstKbps,
                of.BurstThresholdPercent,
                of.BurstTimeSeconds,
                of.Priority,
                of.VendorProfileName
            );

        private static ProfileFields Merge(BandwidthProfile now, Body change) =>
            new(
                change.Name.Or(now.Name),
                change.DownloadRateKbps.Or(now.DownloadRateKbps),
                change.UploadRateKbps.Or(now.UploadRateKbps),
                change.Description.Or(now.Description),
                change.DownloadBurstKbps.Or(now.DownloadBurstKbps),
                change.UploadBurstKbps.Or(now.UploadBurstKbps),
                change.BurstThresholdPercent.Or(now.BurstThresholdPercent),
                change.BurstTimeSeconds.Or(now.BurstTimeSeconds),
                change.Priority.Or(now.Priority),
                change.VendorProfileName.Or(now.VendorProfileName),
                change.AllowedNasGroups.Or(now.AllowedNasGroups)
            );
    }
}
