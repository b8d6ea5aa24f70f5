namespace DotMac.Host.Web;

/// <summary>The headers every answer carries. Pages that need more say so themselves; nothing may loosen scripts.</summary>
/// <remarks><b>Source:</b> OWASP Secure Headers; CSP Level 3.</remarks>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>For everything that is not a page: loads nothing, is framed by nobody.</summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()";
        headers.ContentSecurityPolicy = Nothing;
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
        }

        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }

        return next(context);
    }

    /// <summary>The policy of a page of ours: scripts from files only, style elements by the page's own <paramref name="nonce"/>.</summary>
    public static string Page(string nonce) =>
        $"default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
        + "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}
