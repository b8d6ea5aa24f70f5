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

/// <summary>Exchanges a refresh token for the next access token and the next refresh token.</summary>
/// <remarks>
/// <para><b>Errors:</b> <c>auth.session_expired</c> 401, <c>auth.refresh_reused</c> 401 (the whole session ends), <c>rate.limited</c> 429.</para>
/// <para><b>Source:</b> rotation and reuse detection as in RFC 9700 §4.14.2. A client that loses the answer must sign in again.</para>
/// </remarks>
public static class RefreshSession
{
    public sealed record Body(string? RefreshToken);

    [Public, AcrossTenants]
    public sealed record Command(string? RefreshToken);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/auth/refresh", Post).WithName(nameof(RefreshSession));

    private static async Task<Results<Ok<SignInResponse>, ProblemHttpResult>> Post(
        Body body,
        HttpContext context,
        IHandle<Command, SignInResponse> handler,
        AttemptLimits limits,
        CancellationToken ct
    )
    {
        if (limits.Refresh(CallerLookup.Text(context.Connection.RemoteIpAddress)) is { } tooMany)
        {
            return Problems.ToProblem(tooMany);
        }

        return (await handler.Handle(new Command(body.RefreshToken), ct)).ToHttp();
    }

    internal sealed class Handler(
        PlatformDb db,
        UnitOfWork work,
        CurrentCaller current,
        AuditTrail audit,
        SessionStart sessions,
        TimeProvider clock
    ) : IHandle<Command, SignInResponse>
    {
        public async Task<Result<SignInResponse>> Handle(Command command, CancellationToken ct)
        {
            if (new Faults().Text("refresh_token", command.RefreshToken, 1, 200).Error is { } invalid)
            {
                return invalid;
            }

            // Locked: of two that race with one token the second finds it used.
            var token = await db
                .RefreshTokens.FromSqlRaw("SELECT * FROM refresh_tokens WHERE hash = {0} FOR UPDATE", Tokens.Hash(command.RefreshToken!))
                .SingleOrDefaultAsync(ct);
            if (token is null)
            {
                return AuthErrors.SessionExpired;
            }

            await work.PinAsync(token.TenantId, ct);
            var session = await db.Sessions.SingleAsync(s => s.TenantId == token.TenantId && s.Id == token.SessionId, ct);
            var user = await db.Users.SingleAsync(u => u.TenantId == token.TenantId && u.Id == session.UserId, ct);
            current.Value = current.Value with { TenantId = user.TenantId, Kind = CallerKind.User, Id = user.Id, Name = user.Email };
            var now = clock.GetUtcNow();
            if (token.UsedAt is not null)
            {
                work.KeepsOnRefusal = true;
                session.Revoke(now, "refresh token reused");
                audit.Note("session.refresh_reused", "user_session", session.Id.ToString());
                await db.SaveChangesAsync(ct);
                return AuthErrors.RefreshReused;
            }

            if (!session.IsLive(now) || !user.IsActive)
            {
                return AuthErrors.SessionExpired;
            }

            if (!user.IsPlatformAdmin && await TenantReads.IsClosedAsync(work, user.TenantId, ct))
            {
                return AuthErrors.TenantClosed;
            }

            token.UsedAt = now;
            session.LastSeenAt = now;
            session.ExpiresAt = now + UserSession.RefreshLimit;
            var next = await sessions.NextAsync(session, ct);
            await db.SaveChangesAsync(ct);
            return next;
        }
    }
}
