using System.Diagnostics;
using System.Globalization;
using DotMac.Kernel.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DotMac.Kernel.Http;

/// <summary>The one mapping of results to HTTP: values to 200/201/204, named errors to RFC 9457 problem details.</summary>
public static class Problems
{
    public const string TypePrefix = "https://dotmac.dev/errors/";

    public static Results<Ok<T>, ProblemHttpResult> ToHttp<T>(this Result<T> result) =>
        result.Error is { } error ? ToProblem(error) : TypedResults.Ok(result.Value);

    /// <summary>201 with the Location of what was made.</summary>
    public static Results<Created<T>, ProblemHttpResult> ToCreated<T>(this Result<T> result, Func<T, string> location) =>
        result.Error is { } error ? ToProblem(error) : TypedResults.Created(location(result.Value), result.Value);

    public static Results<NoContent, ProblemHttpResult> ToNoContent(this Result<Done> result) =>
        result.Error is { } error ? ToProblem(error) : TypedResults.NoContent();

    /// <summary>200 with a weak ETag of the row's version (RFC 9110 §8.8.3).</summary>
    public static Results<Ok<T>, ProblemHttpResult> ToHttp<T>(this Result<T> result, HttpResponse response, Func<T, int> version)
    {
        if (result.Error is null)
        {
            response.Headers.ETag = ETag(version(result.Value));
        }

        return result.ToHttp();
    }

    public static string ETag(int version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    /// <summary>The version that If-Match demands; null when the client demands none. -1 (never equal) when it is not one of ours.</summary>
    public static int? IfMatch(HttpRequest request)
    {
        var given = request.Headers.IfMatch.ToString();
        if (given.Length == 0 || given == "*")
        {
            return null;
        }

        return
            given.StartsWith("W/\"", StringComparison.Ordinal)
            && int.TryParse(given.AsSpan(3).TrimEnd('"'), CultureInfo.InvariantCulture, out var version)
            ? version
            : -1;
    }

    public static ProblemHttpResult ToProblem(Error error) => TypedResults.Problem(ToDetails(error));

    public static ProblemDetails ToDetails(Error error)
    {
        var details = new ProblemDetails
        {
            Type = TypePrefix + error.Code,
            Title = Title(error.Kind),
            Status = Status(error.Kind),
            Detail = error.Message,
        };
        details.Extensions["code"] = error.Code;
        if (error.Faults is { Count: > 0 } faults)
        {
            details.Extensions["errors"] = faults
                .Select(f => new
                {
                    field = f.Field,
                    code = f.Code,
                    message = f.Message,
                })
                .ToArray();
        }

        if (error.RetryAfter is { } wait)
        {
            details.Extensions["retry_after_seconds"] = (int)Math.Ceiling(wait.TotalSeconds);
        }

        return details;
    }

    /// <summary>What every problem carries beside its own fields: the request id that the operator's log has too.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var extensions = context.ProblemDetails.Extensions;
        extensions["request_id"] = context.HttpContext.TraceIdentifier;
        extensions.Remove("traceId");
        if (!extensions.TryGetValue("code", out var code))
        {
            code = context.ProblemDetails.Status switch
            {
                400 => "request.malformed",
                401 => "auth.required",
                403 => "permission.missing",
                404 => "route.not_found",
                405 => "route.method_not_allowed",
                413 => "request.too_large",
                415 => "request.media_type",
                429 => "rate.limited",
                503 => "database.unavailable",
                _ => "internal.error",
            };
            extensions["code"] = code;
            context.ProblemDetails.Type = TypePrefix + code;
        }

        if (extensions.TryGetValue("retry_after_seconds", out var seconds))
        {
            context.HttpContext.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        }

        _ = Activity.Current?.SetTag("problem", code);
    }

    private static int Status(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Validation => 400,
            ErrorKind.Unauthenticated => 401,
            ErrorKind.Forbidden => 403,
            ErrorKind.NotFound => 404,
            ErrorKind.Conflict => 409,
            ErrorKind.Changed => 412,
            ErrorKind.Unprocessable => 422,
            ErrorKind.Locked => 423,
            ErrorKind.TooMany => 429,
            ErrorKind.Unavailable => 503,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private static string Title(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Validation => "The input is not right",
            ErrorKind.Unauthenticated => "Not signed in",
            ErrorKind.Forbidden => "Not allowed",
            ErrorKind.NotFound => "Not found",
            ErrorKind.Conflict => "In conflict with what is there",
            ErrorKind.Changed => "Changed in the meantime",
            ErrorKind.Unprocessable => "Cannot be done as asked",
            ErrorKind.Locked => "Locked",
            ErrorKind.TooMany => "Too many requests",
            ErrorKind.Unavailable => "Not available now",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
