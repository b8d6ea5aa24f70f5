using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Ends a lockout before its 15 minutes are over. <b>Errors:</b> <c>user.not_found</c> 404.</summary>
public static class UnlockUser
{
    [Requires("users.write")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/users/{id:guid}/unlock", Post).WithName(nameof(UnlockUser));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(Guid id, IHandle<Command, Done> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(PlatformDb db, Grants grants, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == command.Id, ct);
            if (user is null)
            {
                return UserErrors.NotFound;
            }

            if (await grants.RefuseTouchingAsync(user, ct) is { } outranked)
            {
                return outranked;
            }

            user.Unlock();
            audit.Note("user.unlocked", "user", user.Id.ToString());
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : Done.Instance;
        }
    }
}
