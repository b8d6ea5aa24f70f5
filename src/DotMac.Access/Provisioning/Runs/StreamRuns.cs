using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Server-sent events of the tenant's runs: <c>run</c> with a run as listed, <c>ping</c> at least every ten seconds.</summary>
/// <remarks>
/// List first, then open the stream: it begins some seconds back. With Last-Event-ID it goes on where it broke off, up to five minutes back.
/// The server ends it after a minute; browsers connect again by themselves.
/// </remarks>
public static class StreamRuns
{
    [Requires("isp.oss.read")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/provisioning/runs/stream", Get).WithName(nameof(StreamRuns));

    private static async Task<Results<ServerSentEventsResult<object>, ProblemHttpResult>> Get(
        IHandle<Command, Caller> handler,
        RunFeed feed,
        HttpRequest request,
        CancellationToken ct
    )
    {
        var granted = await handler.Handle(new Command(), ct);
        return granted.Error is { } refusal
            ? Problems.ToProblem(refusal)
            : TypedResults.ServerSentEvents(feed.AllAsync(granted.Value, request.Headers["Last-Event-ID"], ct));
    }

    /// <summary>Only the permission: the rows are read while they are sent.</summary>
    internal sealed class Handler(CurrentCaller current) : IHandle<Command, Caller>
    {
        public Task<Result<Caller>> Handle(Command command, CancellationToken ct) => Task.FromResult<Result<Caller>>(current.Value);
    }
}
