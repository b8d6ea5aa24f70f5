using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>Cancels what a bulk change has not asked yet. What was sent stays sent.</summary>
/// <remarks><b>Errors:</b> <c>coa_run.not_found</c> 404. Cancelling twice is fine.</remarks>
public static class CancelCoaRun
{
    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/coa/runs/{id:guid}/cancel", Post).WithName(nameof(CancelCoaRun));

    private static async Task<Results<Ok<CoaRunView>, ProblemHttpResult>> Post(
        Guid id,
        IHandle<Command, CoaRunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, TimeProvider clock) : IHandle<Command, CoaRunView>
    {
        private const string Mark = "UPDATE coa_runs SET cancelled_at = coalesce(cancelled_at, @now) WHERE id = @Id";

        private const string Cancel =
            "UPDATE coa_tasks SET state = 5, message = 'The run was cancelled.' WHERE run_id = @Id AND state IN (0, 2)";

        public async Task<Result<CoaRunView>> Handle(Command command, CancellationToken ct)
        {
            var values = new { command.Id, now = clock.GetUtcNow() };
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Mark, values, work.Transaction, cancellationToken: ct)) == 0)
            {
                return CoaErrors.RunNotFound;
            }

            await work.Connection.ExecuteAsync(new CommandDefinition(Cancel, values, work.Transaction, cancellationToken: ct));
            audit.Note("coa_run.cancel", "coa_run", command.Id.ToString());
            return (await CoaRunView.FindAsync(work, command.Id, ct))!;
        }
    }
}
