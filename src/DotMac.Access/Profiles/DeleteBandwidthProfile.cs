using Dapper;
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

/// <summary>Removes a bandwidth profile that no subscriber has.</summary>
/// <remarks>
/// <b>Errors:</b> <c>bandwidth_profile.not_found</c> 404, <c>bandwidth_profile.in_use</c> 409, <c>bandwidth_profile.changed</c> 412.
/// </remarks>
public static class DeleteBandwidthProfile
{
    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/radius/bandwidth-profiles/{id:guid}", Delete).WithName(nameof(DeleteBandwidthProfile));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(AccessDb db, UnitOfWork work) : IHandle<Command, Done>
    {
        // A subscriber that was removed keeps its row for the history, but must not keep the profile from being removed.
        private const string LetGo =
            "UPDATE subscribers SET bandwidth_profile_id = NULL WHERE bandwidth_profile_id = @Id AND deleted_at IS NOT NULL";

        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
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

            if ((await ProfileView.FindAsync(work, profile.Id, ct))?.SubscriberCount is > 0 and var subscribers)
            {
                return ProfileErrors.InUse(subscribers);
            }

            await work.Connection.ExecuteAsync(new CommandDefinition(LetGo, new { command.Id }, work.Transaction, cancellationToken: ct));
            db.BandwidthProfiles.Remove(profile);
            var taken = ("subscribers_bandwidth_profile_fkey", ProfileErrors.InUse(1));
            return await db.TrySaveAsync(ct, ProfileErrors.Changed, taken) is { } error ? error : Done.Instance;
        }
    }
}
