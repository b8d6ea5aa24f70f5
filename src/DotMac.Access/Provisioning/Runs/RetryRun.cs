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
/// Sets a run going again: a stuck one undoes on, or goes on with the step that workers were lost at; a degraded one repeats the steps that
/// failed; one that was undone after a failure begins anew.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>permission.missing</c> 403 (of what the run's order needed), <c>run.not_found</c> 404, <c>run.not_retryable</c> 409, <c>run.subject_busy</c> 409, <c>run.version_unknown</c> 409,
/// <c>run.step_unknown</c> 422.
/// </remarks>
public static class RetryRun
{
    /// <param name="FromStep">Of a degraded run: the failed step to begin with; a step whose system was not configured may be named too.</param>
    public sealed record Body(string? FromStep = null);

    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id, string? FromStep);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/provisioning/runs/{id:guid}/retry", Post).WithName(nameof(RetryRun));

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> Post(
        Guid id,
        Body? body,
        IHandle<Command, RunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Input.Clean(body?.FromStep)), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, ISagaRuns runs, RunGrants grants) : IHandle<Command, RunView>
    {
        public async Task<Result<RunView>> Handle(Command command, CancellationToken ct) =>
            (await grants.MissingAsync(command.Id, ct) ?? await runs.RetryAsync(command.Id, command.FromStep, ct)) is { } refusal
                ? refusal
                : (await RunRows.FindAsync(work, command.Id, ct))!;
    }
}
