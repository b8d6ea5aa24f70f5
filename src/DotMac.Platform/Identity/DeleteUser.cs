using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Deletes a user with his sessions; the audit trail keeps his name.</summary>
/// <remarks><b>Errors:</b> <c>user.not_found</c> 404, <c>user.changed</c> 412, <c>user.last_admin</c> 409, <c>user.yourself</c> 409, <c>user.outranks_you</c> 403.</remarks>
public static class DeleteUser
{
    [Requires("users.write")]
    public sealed record Command(Guid Id, int? IfVersion);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDelete("/users/{id:guid}", Delete).WithName(nameof(DeleteUser));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        HttpRequest request,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(PlatformDb db, Grants grants, CurrentCaller current) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == command.Id, ct);
            if (user is null)
            {
                return UserErrors.NotFound;
            }

            if (command.IfVersion is { } version && version != user.Version)
            {
                return UserErrors.Changed;
            }

            if (user.Id == current.Value.Id)
            {
                return UserErrors.Yourself;
            }

            if (await grants.RefuseTouchingAsync(user, ct) is { } outranked)
            {
                return outranked;
            }

            if (await grants.RefuseLastAdminAsync(user, isLeaving: true, ct) is { } last)
            {
                return last;
            }

            db.Users.Remove(user);
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : Done.Instance;
        }
    }
}
