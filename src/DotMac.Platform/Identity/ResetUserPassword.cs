using DotMac.Kernel.Audit;
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

/// <summary>Gives a user a random password, shown once, that he must change; ends his sessions and his lockout.</summary>
/// <remarks><b>Errors:</b> <c>user.not_found</c> 404, <c>user.outranks_you</c> 403, <c>rate.limited</c> 429.</remarks>
public static class ResetUserPassword
{
    [Requires("users.write")]
    public sealed record Command(Guid Id);

    public sealed record Response(string InitialPassword);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/users/{id:guid}/reset-password", Post).WithName(nameof(ResetUserPassword));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        Guid id,
        HttpContext context,
        IHandle<Command, Response> handler,
        CurrentCaller current,
        AttemptLimits limits,
        CancellationToken ct
    )
    {
        if (limits.Reset(current.Value.Ip, current.Value.Id) is { } tooMany)
        {
            return Problems.ToProblem(tooMany);
        }

        return (await handler.Handle(new Command(id), ct)).ToHttp();
    }

    internal sealed class Handler(
        PlatformDb db,
        CurrentCaller current,
        Grants grants,
        UserSessions sessions,
        Passwords passwords,
        AuditTrail audit
    ) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
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

            var initial = Passwords.Random();
            user.SetPassword(passwords.Hash(initial), mustChange: true);
            user.Unlock();
            await sessions.RevokeAllAsync(user.Id, "password reset", ct);
            audit.Note("user.password_reset", "user", user.Id.ToString());
            return await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict ? conflict : new Response(initial);
        }
    }
}
