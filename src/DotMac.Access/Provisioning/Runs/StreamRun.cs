using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Server-sent events of one run: <c>run</c> with the run and its steps, at once and after each change, <c>ping</c> at least every ten seconds.</summary>
/// <remarks><b>Errors:</b> <c>run.not_found</c> 404. The server ends it after a minute; browsers connect again by themselves.</remarks>
public static class StreamRun
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/provisioning/runs/{id:guid}/stream", Get).WithName(nameof(StreamRun));

    private static async Task<Results<ServerSentEventsResult<object>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, Caller> handler,
        RunFeed feed,
        CancellationToken ct
    )
    {
        var granted = await handler.Handle(new Command(id), ct);
        return granted.Error is { } refusal
            ? Problems.ToProblem(refusal)
            : TypedResults.ServerSentEvents(feed.OneAsync(granted.Value, id, ct));
    }

    internal sealed class Handler(CurrentCaller current, UnitOfWork work) : IHandle<Command, Caller>
    {
        public async Task<Result<Caller>> Handle(Command command, CancellationToken ct) =>
            await RunRows.FindAsync(work, command.Id, ct) is null ? RunErrors.NotFound : current.Value;
    }
}
