using System.Security.Cryptography;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace DotMac.Host.Web;

/// <summary>Serves the built console beside the executable: hashed files for ever, the page itself never from a cache.</summary>
internal static class ConsoleFiles
{
    /// <summary>Where the page's nonce stands in the built index.html.</summary>
    private const string NoncePlaceholder = "__CSP_NONCE__";

    /// <summary>Paths that are never the console: an unknown one is a 404, not a page.</summary>
    private static readonly string[] NotPages = ["/api", "/openapi", "/docs", "/health", "/metrics", "/.well-known", "/assets"];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "wwwroot");

    private static string Index => Path.Combine(Folder, "index.html");

    /// <summary>Before routing: a file needs neither a route nor a caller.</summary>
    public static void UseConsoleFiles(this WebApplication app)
    {
        if (!File.Exists(Index))
        {
            app.Logger.LogWarning("The console is not built: only the API is served.");
            return;
        }

        // The page under its file's name is the same page: it too needs its nonce.
        app.Use(
            (context, next) =>
            {
                if (context.Request.Path.Equals("/index.html", StringComparison.Ordinal))
                {
                    context.Request.Path = "/";
                }

                return next(context);
            }
        );
        app.UseStaticFiles(
            new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(Folder),
                OnPrepareResponse = response => response.Context.Response.Headers.CacheControl = CacheFor(response.Context.Request.Path),
            }
        );
    }

    /// <summary>Every path that is nothing else is a page of the console; without a built console it is not found.</summary>
    public static void MapConsole(this WebApplication app)
    {
        var page = File.Exists(Index) ? File.ReadAllText(Index) : null;
        // Whatever is asked: a username in a page's path may have a dot and look like a file's name.
        app.MapFallback("{*path}", context => WriteAsync(context, page)).WithMetadata(new HttpMethodMetadata(["GET", "HEAD"]));
    }

    private static string CacheFor(PathString path) =>
        path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";

    private static Task WriteAsync(HttpContext context, string? page)
    {
        var path = context.Request.Path;
        if (page is null || Array.Exists(NotPages, prefix => path.StartsWithSegments(prefix, StringComparison.Ordinal)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        page = page.Replace(NoncePlaceholder, nonce, StringComparison.Ordinal);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Page(nonce);
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(page);
    }
}
