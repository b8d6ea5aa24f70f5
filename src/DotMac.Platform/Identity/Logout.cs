using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Ends the session that this request came with: its cookie, or its access and refresh tokens.</summary>
public static class Logout
{
    [SignedIn]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/auth/logout", Post).WithName(nameof(Logout));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(
        HttpContext context,
        IHandle<Command, Done> handler,
        CancellationToken ct
    )
    {
        var result = await handler.Handle(new Command(), ct);
        if (result.Error is null)
        {
            SessionCookie.Clear(context);
        }

        return result.ToNoContent();
    }

    internal sealed class Handler(PlatformDb db, CurrentCaller current, AuditTrail audit, TimeProvider clock) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (current.Value.SessionId is not { } id)
            {
                return AuthErrors.UserRequired;
            }

            var session = await db.Sessions.SingleAsync(s => s.Id == id, ct);
            session.Revoke(clock.GetUtcNow(), "signed out");
            audit.Note("user.signed_out", "user", session.UserId.ToString());
            await db.SaveChangesAsync(ct);
            return Done.Instance;
        }
    }
}
