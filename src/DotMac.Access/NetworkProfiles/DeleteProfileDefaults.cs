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

/// <summary>Removes defaults; profiles that are there keep what they have.</summary>
/// <remarks><b>Errors:</b> <c>network_profile_defaults.not_found</c> 404, <c>network_profile_defaults.changed</c> 412.</remarks>
public static class DeleteProfileDefaults
{
    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/network/profile-defaults/{id:guid}", Delete).WithName(nameof(DeleteProfileDefaults));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(AccessDb db) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (await db.ProfileDefaults.SingleOrDefaultAsync(d => d.Id == command.Id, ct) is not { } defaults)
            {
                return DefaultsErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != defaults.Version)
            {
                return DefaultsErrors.Changed;
            }

            db.ProfileDefaults.Remove(defaults);
            return await db.TrySaveAsync(ct, DefaultsErrors.Changed) is { } error ? error : Done.Instance;
        }
    }
}
