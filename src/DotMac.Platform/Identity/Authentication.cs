using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Platform.Identity;

/// <summary>
/// The door of every request: finds the credential (Authorization, X-Api-Key or the session cookie, in this order), fills
/// <see cref="CurrentCaller"/>, and refuses a bad credential at once. A request without one goes on as anonymous; the use case decides.
/// </summary>
public static class Authentication
{
    public const string CookieName = "dotmac_session";
    public const string CsrfHeader = "X-CSRF";
    private const string IdempotencyHeader = "Idempotency-Key";
    private const int LongestIdempotencyKey = 200;
    private const string PublicAccess = "public";
    private const string SignedInAccess = "signed-in";

    /// <summary>Stands after routing and before the endpoints.</summary>
    public static IApplicationBuilder UsePlatformAuthentication(this IApplicationBuilder app) => app.Use(InvokeAsync);

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var current = context.RequestServices.GetRequiredService<CurrentCaller>();
        var access = context.GetEndpoint()?.Metadata.GetMetadata<UseCaseMetadata>()?.Access ?? PublicAccess;
        var refusal = await RecognizeAsync(context, current, access);
        current.Value = current.Value with
        {
            Ip = CallerLookup.Text(context.Connection.RemoteIpAddress),
            RequestId = context.TraceIdentifier,
        };
        refusal ??= access == PublicAccess ? null : ReadIdempotencyKey(context.Request, current);
        if (refusal is null)
        {
            await next(context);
            return;
        }

        if (refusal.Kind == ErrorKind.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        await Problems.ToProblem(refusal).ExecuteAsync(context);
    }

    private static async Task<Error?> RecognizeAsync(HttpContext context, CurrentCaller current, string access)
    {
        var lookup = context.RequestServices.GetRequiredService<CallerLookup>();
        var ct = context.RequestAborted;
        var authorization = context.Request.Headers.Authorization.ToString();
        var apiKey = context.Request.Headers["X-Api-Key"].ToString();
        var cookie = context.Request.Cookies[CookieName];
        Result<Recognised> found;
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            var token = authorization["Bearer ".Length..].Trim();
            found = token.StartsWith(ApiKey.Mark, StringComparison.Ordinal)
                ? await lookup.OfApiKeyAsync(token, ct)
                : await lookup.OfAccessTokenAsync(token, ct);
        }
        else if (apiKey.Length > 0)
        {
            found = await lookup.OfApiKeyAsync(apiKey, ct);
        }
        else if (!string.IsNullOrEmpty(cookie))
        {
            found = await lookup.OfCookieAsync(cookie, ct);
            if (found.Error is null && access != PublicAccess && IsForged(context.Request))
            {
                return AuthErrors.CsrfMissing;
            }
        }
        else
        {
            return null;
        }

        if (found.Error is { } refusal)
        {
            // Whoever may come in without a credential may also come in with a bad one: signing in again, for example.
            return access == PublicAccess ? null : refusal;
        }

        current.Value = found.Value.Caller;
        return found.Value.MustChangePassword && access is not (PublicAccess or SignedInAccess) ? AuthErrors.PasswordChangeRequired : null;
    }

    /// <summary>A page of another site can make the browser send the cookie, but not this header.</summary>
    private static bool IsForged(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method)
        && !HttpMethods.IsHead(request.Method)
        && !HttpMethods.IsOptions(request.Method)
        && string.IsNullOrEmpty(request.Headers[CsrfHeader]);

    private static Error? ReadIdempotencyKey(HttpRequest request, CurrentCaller current)
    {
        var key = request.Headers[IdempotencyHeader].ToString();
        if (key.Length == 0 || !HttpMethods.IsPost(request.Method))
        {
            return null;
        }

        if (key.Length > LongestIdempotencyKey)
        {
            return new Faults().Add(IdempotencyHeader, "too_long", $"At most {LongestIdempotencyKey} characters.").Error;
        }

        current.IdempotencyKey = key;
        return null;
    }
}
