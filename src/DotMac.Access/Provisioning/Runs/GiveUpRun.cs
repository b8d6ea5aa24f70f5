using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Takes a run out of the dead-letter although it is not undone. The reason is kept and audited; reconciliation finds what was left.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>permission.missing</c> 403 (of what the run's order needed), <c>run.not_found</c> 404, <c>run.not_stuck</c> 409.</remarks>
public static class GiveUpRun
{
    /// <param name="Reason">1–500 characters.</param>
    public sealed record Body(string? Reason = null);

    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id, string? Reason);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/provisioning/runs/{id:guid}/give-up", Post).WithName(nameof(GiveUpRun));

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> Post(
        Guid id,
        Body body,
        IHandle<Command, RunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Input.Clean(body.Reason)), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, ISagaRuns runs, RunGrants grants) : IHandle<Command, RunView>
    {
        public async Task<Result<RunView>> Handle(Command command, CancellationToken ct)
        {
            if (new Faults().Text("reason", command.Reason, 1, 500).Error is { } fault)
            {
                return fault;
            }

            return (await grants.MissingAsync(command.Id, ct) ?? await runs.GiveUpAsync(command.Id, command.Reason!, ct)) is { } refusal
                ? refusal
                : (await RunRows.FindAsync(work, command.Id, ct))!;
        }
    }
}
