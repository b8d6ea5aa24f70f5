using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>
/// Stops a run before its next step and undoes what it did; of a repair, only the repetition is given up; one that was ordered for later ends.
/// Answers at once.
/// </summary>
/// <remarks><b>Errors:</b> <c>permission.missing</c> 403 (of what the run's order needed), <c>run.not_found</c> 404, <c>run.over</c> 409.</remarks>
public static class CancelRun
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/provisioning/runs/{id:guid}/cancel", Post).WithName(nameof(CancelRun));

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> Post(
        Guid id,
        IHandle<Command, RunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, ISagaRuns runs, RunGrants grants) : IHandle<Command, RunView>
    {
        public async Task<Result<RunView>> Handle(Command command, CancellationToken ct) =>
            (await grants.MissingAsync(command.Id, ct) ?? await runs.CancelAsync(command.Id, ct)) is { } refusal
                ? refusal
                : (await RunRows.FindAsync(work, command.Id, ct))!;
    }
}
