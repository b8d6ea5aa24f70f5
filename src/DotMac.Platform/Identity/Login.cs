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

/// <summary>Signs a person in with a password and, when the account has it, a code.</summary>
/// <remarks>
/// <para><b>Errors:</b> <c>auth.invalid_credentials</c> 401 (in the same time for an unknown address as for a wrong password),
/// <c>auth.totp_required</c> 401, <c>auth.totp_invalid</c> 401, <c>auth.locked</c> 423 after 10 wrong attempts, <c>tenant.suspended</c> 403,
/// <c>rate.limited</c> 429.</para>
/// <para><b>Effects:</b> a session; with <c>use_cookie</c> it is the cookie's, else a family of refresh tokens. Every attempt on a known account is audited.</para>
/// </remarks>
public static class Login
{
    public sealed record Body(string? Email, string? Password, string? TotpCode, string? RecoveryCode, bool UseCookie = false);

    [Public, AcrossTenants]
    public sealed record Command(
        string? Email,
        string? Password,
        string? TotpCode,
        string? RecoveryCode,
        bool UseCookie,
        string? UserAgent
    );

    /// <param name="Cookie">For the browser; never in the body.</param>
    public sealed record Outcome(SignInResponse Body, string? Cookie);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/auth/login", Post).WithName(nameof(Login));

    private static async Task<Results<Ok<SignInResponse>, ProblemHttpResult>> Post(
        Body body,
        HttpContext context,
        IHandle<Command, Outcome> handler,
        AttemptLimits limits,
        CancellationToken ct
    )
    {
        var ip = CallerLookup.Text(context.Connection.RemoteIpAddress);
        if (limits.Login(ip, body.Email?.Trim() ?? "") is { } tooMany)
        {
            return Problems.ToProblem(tooMany);
        }

        var agent = context.Request.Headers.UserAgent.ToString();
        var command = new Command(body.Email, body.Password, body.TotpCode, body.RecoveryCode, body.UseCookie, agent);
        var result = await handler.Handle(command, ct);
        if (result.Error is { } refusal)
        {
            return Problems.ToProblem(refusal);
        }

        if (result.Value.Cookie is { } cookie)
        {
            SessionCookie.Set(context, cookie);
        }

        return TypedResults.Ok(result.Value.Body);
    }

    internal sealed class Handler(
        PlatformDb db,
        UnitOfWork work,
        CurrentCaller current,
        AuditTrail audit,
        Passwords passwords,
        SecondFactor second,
        SessionStart sessions,
        TimeProvider clock
    ) : IHandle<Command, Outcome>
    {
        public async Task<Result<Outcome>> Handle(Command command, CancellationToken ct)
        {
            var faults = new Faults().Text("email", command.Email, 3, 254).Text("password", command.Password, 1, Passwords.Most);
            if (faults.Error is { } invalid)
            {
                return invalid;
            }

            var email = command.Email!.Trim().ToLowerInvariant();
            // The row is locked: attempts on one account are counted one after the other, and a code is used once.
            var user = await db.Users.FromSqlRaw("SELECT * FROM users WHERE email = {0} FOR UPDATE", email).SingleOrDefaultAsync(ct);
            if (user is null)
            {
                passwords.VerifyNobody(command.Password!);
                return AuthErrors.InvalidCredentials;
            }

            await work.PinAsync(user.TenantId, ct);
            work.KeepsOnRefusal = true;
            current.Value = current.Value with { TenantId = user.TenantId, Kind = CallerKind.User, Id = user.Id, Name = user.Email };
            var result = await DecideAsync(user, command, ct);
            await db.SaveChangesAsync(ct);
            return result;
        }

        private async Task<Result<Outcome>> DecideAsync(User user, Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var isRight = passwords.Verify(user.PasswordHash, command.Password!, out var isOutdated);
            if (user.RefuseWhileLocked(now) is { } locked)
            {
                return Refused(user, locked);
            }

            if (!isRight || !user.IsActive)
            {
                return Failed(user, AuthErrors.InvalidCredentials);
            }

            if (await second.RefuseAsync(user, command.TotpCode, command.RecoveryCode, ct) is { } refusal)
            {
                // Asking for the code is not an attempt.
                return refusal == AuthErrors.TotpRequired ? refusal : Failed(user, refusal);
            }

            if (!user.IsPlatformAdmin && await TenantReads.IsClosedAsync(work, user.TenantId, ct))
            {
                return Refused(user, AuthErrors.TenantClosed);
            }

            if (isOutdated)
            {
                user.PasswordHash = passwords.Hash(command.Password!);
            }

            user.SignedIn(now);
            audit.Note("user.signed_in", "user", user.Id.ToString());
            if (command.UseCookie)
            {
                var cookie = sessions.ForBrowser(user, command.UserAgent);
                return new Outcome(new SignInResponse(null, null, (int)UserSession.IdleLimit.TotalSeconds), cookie);
            }

            return new Outcome(await sessions.ForClientAsync(user, command.UserAgent, ct), null);
        }

        private Error Failed(User user, Error refusal)
        {
            Refused(user, refusal);
            if (user.SignInFailed(clock.GetUtcNow()))
            {
                audit.Note("user.locked", "user", user.Id.ToString());
            }

            return refusal;
        }

        private Error Refused(User user, Error refusal)
        {
            audit.Note("user.sign_in_failed", "user", user.Id.ToString(), after: $$"""{"reason":"{{refusal.Code}}"}""");
            return refusal;
        }
    }
}
