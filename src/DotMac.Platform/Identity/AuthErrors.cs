using DotMac.Kernel.Results;

namespace DotMac.Platform.Identity;

internal static class AuthErrors
{
    /// <summary>One answer for an unknown address, a wrong password and a disabled account.</summary>
    public static readonly Error InvalidCredentials = new(
        ErrorKind.Unauthenticated,
        "auth.invalid_credentials",
        "The e-mail address or the password is not right."
    );
    public static readonly Error TotpRequired = new(
        ErrorKind.Unauthenticated,
        "auth.totp_required",
        "This account asks for a code from the authenticator app: give totp_code, or recovery_code."
    );
    public static readonly Error TotpInvalid = new(
        ErrorKind.Unauthenticated,
        "auth.totp_invalid",
        "The code is not right, too old or already used. Wait for the next one."
    );
    public static readonly Error SessionExpired = new(
        ErrorKind.Unauthenticated,
        "auth.session_expired",
        "The session has ended. Sign in again."
    );
    public static readonly Error RefreshReused = new(
        ErrorKind.Unauthenticated,
        "auth.refresh_reused",
        "This refresh token was used before, so somebody may have stolen it. Its session has been ended; sign in again."
    );
    public static readonly Error TokenInvalid = new(
        ErrorKind.Unauthenticated,
        "auth.token_invalid",
        "The access token is not one that this platform signed for its API."
    );
    public static readonly Error ApiKeyInvalid = new(
        ErrorKind.Unauthenticated,
        "auth.api_key_invalid",
        "The API key does not exist, was deleted or has expired."
    );
    public static readonly Error CsrfMissing = new(
        ErrorKind.Forbidden,
        "csrf.missing",
        "A request that changes something with the session cookie needs the header X-CSRF: 1."
    );
    public static readonly Error PasswordChangeRequired = new(
        ErrorKind.Forbidden,
        "auth.password_change_required",
        "Choose your own password first: POST /api/v1/auth/password."
    );
    public static readonly Error UserRequired = new(
        ErrorKind.Forbidden,
        "auth.user_required",
        "Only a signed-in person can do this, not an API key."
    );
    public static readonly Error TenantClosed = new(
        ErrorKind.Forbidden,
        "tenant.suspended",
        "This tenant's management is suspended. Its subscribers stay online. Ask the platform's administrator."
    );
    public static readonly Error TotpAlreadyOn = Error.Conflict(
        "auth.totp_already_on",
        "Two-step sign-in is on already. Turn it off first to set up another device."
    );
    public static readonly Error TotpNotSetUp = Error.Conflict("auth.totp_not_set_up", "Start with POST /api/v1/auth/totp/setup.");
    public static readonly Error TotpNotOn = Error.Conflict("auth.totp_not_on", "Two-step sign-in is not on.");
    public static readonly Error SessionNotFound = Error.NotFound("session.not_found", "You have no such session.");

    public static Error Locked(TimeSpan wait) =>
        new(ErrorKind.Locked, "auth.locked", "Too many wrong attempts: the account is locked for a while.", RetryAfter: wait);

    public static Error RateLimited(TimeSpan wait) =>
        new(ErrorKind.TooMany, "rate.limited", "Too many attempts. Wait a moment.", RetryAfter: wait);
}
