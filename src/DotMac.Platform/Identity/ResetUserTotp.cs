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

/// <summary>Turns off the two-step sign-in of a user who lost his device and his codes; ends his sessions.</summary>
/// <remarks><b>Errors:</b> <c>user.not_found</c> 404, <c>user.outranks_you</c> 403.</remarks>
public static class ResetUserTotp
{
    [Requires("users.write")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/users/{id:guid}/totp/reset", Post).WithName(nameof(ResetUserTotp));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(Guid id, IHandle<Command, Done> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(
        PlatformDb db,
        CurrentCaller current,
        Grants grants,
        UserSessions sessions,
        RecoveryCodes codes,
        AuditTrail audit
    ) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == command.Id, ct);
            if (user is null)
            {
                return UserErrors.NotFound;
            }

            if (user.Id == current.Value.Id)
            {
                return UserErrors.ByOwnPassword;
            }

            if (await grants.RefuseTouchingAsync(user, ct) is { } outranked)
            {
                return outranked;
            }

            user.DropTotp();
            await codes.ClearAsync(user, ct);
            await sessions.RevokeAllAsync(user.Id, "two-step sign-in reset", ct);
            audit.Note("user.totp_reset", "user", user.Id.ToString());
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : Done.Instance;
        }
    }
}
