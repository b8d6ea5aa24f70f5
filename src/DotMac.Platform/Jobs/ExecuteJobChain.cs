using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>Goes through a chain: begins its first job now. Answers at once; look at the chain for progress.</summary>
/// <remarks><b>Errors:</b> <c>job_chain.not_found</c> 404.</remarks>
public static class ExecuteJobChain
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/jobs/scheduler/chains/{id:guid}/execute", Post).WithName(nameof(ExecuteJobChain));

    private static async Task<Results<Ok<ChainRunView>, ProblemHttpResult>> Post(
        Guid id,
        IHandle<Command, ChainRunView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, AuditTrail audit, JobStarter starter, TimeProvider clock)
        : IHandle<Command, ChainRunView>
    {
        private const string Insert = """
            INSERT INTO job_chain_runs (tenant_id, id, chain_id, links, stop_on_failure, started_by, started_at)
            SELECT tenant_id, @id, id, links, stop_on_failure, @by, @now FROM job_chains WHERE id = @chain
            """;

        public async Task<Result<ChainRunView>> Handle(Command command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            var values = new
            {
                chain = command.Id,
                id,
                by = caller.Value.Name,
                now,
            };
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Insert, values, work.Transaction, cancellationToken: ct)) == 0)
            {
                return JobErrors.ChainNotFound;
            }

            await new ChainRun(work, starter, clock).AdvanceAsync(id, ct);
            audit.Note("job_chain.executed", "job_chain", command.Id.ToString());
            return (await ChainRows.FindAsync(work, command.Id, ct))!.Runs!.First(r => r.Id == id);
        }
    }
}
