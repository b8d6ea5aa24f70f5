using System.Net.Sockets;
using DotMac.Kernel.Results;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Kernel.Http;

/// <summary>Exceptions that reach the edge: malformed requests and a lost database get their own words, the rest is a defect (500, logged whole).</summary>
public sealed class UnexpectedErrors(IProblemDetailsService problems, ILogger<UnexpectedErrors> log) : IExceptionHandler
{
    private static readonly Error DatabaseUnavailable = new(
        ErrorKind.Unavailable,
        "database.unavailable",
        "The database does not answer. Nothing was changed; try again in a moment.",
        RetryAfter: TimeSpan.FromSeconds(2)
    );

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var details = exception switch
        {
            BadHttpRequestException bad => new()
            {
                Status = bad.StatusCode,
                Title = "The request could not be read",
                Detail = bad.Message,
            },
            _ when IsDatabaseLoss(exception) => Problems.ToDetails(DatabaseUnavailable),
            _ => new Microsoft.AspNetCore.Mvc.ProblemDetails
            {
                Status = 500,
                Title = "A defect of the platform",
                Detail = "This should not have happened. Nothing was changed. Report it with the request id.",
            },
        };
        if (details.Status >= 500)
        {
            log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        }

        httpContext.Response.StatusCode = details.Status ?? 500;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details });
        return true;
    }

    /// <summary>Connection refused, cut or timed out; PostgreSQL classes 08 (connection) and 57P (shutdown), and 53300 (no connection is left).</summary>
    public static bool IsDatabaseLoss(Exception e) =>
        e switch
        {
            PostgresException p => p.SqlState.StartsWith("08", StringComparison.Ordinal)
                || p.SqlState.StartsWith("57P", StringComparison.Ordinal)
                || p.SqlState == PostgresErrorCodes.TooManyConnections,
            NpgsqlException n => n.InnerException is SocketException or IOException or TimeoutException or EndOfStreamException
                || n.IsTransient,
            _ => e.InnerException is not null && IsDatabaseLoss(e.InnerException),
        };
}
