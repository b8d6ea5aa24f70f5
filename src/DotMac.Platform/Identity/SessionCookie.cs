using Microsoft.AspNetCore.Http;

namespace DotMac.Platform.Identity;

/// <summary>The browser's session cookie: unreadable for scripts, never sent from another site, only over TLS when the page came by it.</summary>
internal static class SessionCookie
{
    public static void Set(HttpContext context, string token) =>
        context.Response.Cookies.Append(Authentication.CookieName, token, Options(context, UserSession.BrowserLimit));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Authentication.CookieName, Options(context, null));

    private static CookieOptions Options(HttpContext context, TimeSpan? life) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps || IsHttpsBefore(context.Request),
            Path = "/",
            MaxAge = life,
        };

    // A proxy that ends TLS says so. Whoever lies here only makes his own cookie stricter.
    private static bool IsHttpsBefore(HttpRequest request) =>
        request.Headers["X-Forwarded-Proto"].ToString().StartsWith("https", StringComparison.OrdinalIgnoreCase);
}
