using System.Reflection;

namespace DotMac.Host.Web;

/// <summary>The readable form of the API's description, at <c>/docs</c>: three files of our own inside the executable, nothing from elsewhere.</summary>
internal static class DocsPage
{
    public static void MapDocs(this WebApplication app)
    {
        Map(app, "/docs", "docs.html", "text/html; charset=utf-8");
        Map(app, "/docs/docs.js", "docs.js", "text/javascript; charset=utf-8");
        Map(app, "/docs/docs.css", "docs.css", "text/css; charset=utf-8");
    }

    private static void Map(WebApplication app, string path, string file, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("docs/" + file)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var content = memory.ToArray();
        app.MapGet(
                path,
                (HttpContext context) =>
                {
                    context.Response.Headers.ContentSecurityPolicy = Policy;
                    context.Response.Headers.CacheControl = "no-cache";
                    return Results.Bytes(content, type);
                }
            )
            .ExcludeFromDescription();
    }

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
