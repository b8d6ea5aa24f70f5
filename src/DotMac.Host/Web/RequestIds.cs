using System.Text.RegularExpressions;

namespace DotMac.Host.Web;

/// <summary>Names every request: the caller's X-Request-Id when it is a plain word, else a new one; in the answer, the log and the audit.</summary>
internal sealed partial class RequestIds(RequestDelegate next, ILogger<RequestIds> log)
{
    public const string Header = "X-Request-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header].ToString();
        context.TraceIdentifier = PlainWord().IsMatch(given) ? given : Guid.CreateVersion7().ToString("N");
        context.Response.Headers[Header] = context.TraceIdentifier;
        using (log.BeginScope(new KeyValuePair<string, object?>[] { new("request_id", context.TraceIdentifier) }))
        {
            await next(context);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.None, 100)]
    private static partial Regex PlainWord();
}
