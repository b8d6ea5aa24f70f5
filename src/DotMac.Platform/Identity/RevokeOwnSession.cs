using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Ends one of one's own sessions; its next request is refused. <b>Errors:</b> <c>session.not_found</c> 404.</summary>
public static class RevokeOwnSession
{
    [SignedIn]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/auth/sessions/{id:guid}", Delete).WithName(nameof(RevokeOwnSession));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(PlatformDb db, CurrentCaller current, AuditTrail audit, TimeProvider clock) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (current.Value is not { Kind: CallerKind.User, Id: { } userId })
            {
                return AuthErrors.UserRequired;
            }

            var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == command.Id && s.UserId == userId && s.RevokedAt == null, ct);
            if (session is null)
            {
                return AuthErrors.SessionNotFound;
            }

            session.Revoke(clock.GetUtcNow(), "ended by its user");
            audit.Note("session.revoked", "user_session", session.Id.ToString());
            await db.SaveChangesAsync(ct);
            return Done.Instance;
        }
    }
}
