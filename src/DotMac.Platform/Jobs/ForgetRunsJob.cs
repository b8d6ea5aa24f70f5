using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Jobs;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Platform.Jobs;

/// <summary>The job <c>forget_runs</c>: lets go of runs that ended well long ago. What is degraded, stuck or given up stays.</summary>
internal static class ForgetRunsJob
{
    private const string Name = "forget_runs";

    public static readonly JobKind Kind = JobKind.Of(
        Name,
        "Deletes runs that were completed or undone more than older_than_days ago (1 to 3650).",
        new Parameters(365),
        (services, parameters, order, ct) =>
            services.GetRequiredService<ISagaRuns>().StartAsync(Name, new State { OlderThanDays = parameters.OlderThanDays }, order, ct),
        parameters => new Faults().Range("parameters.older_than_days", parameters.OlderThanDays, 1, 3650).Error
    );

    public static readonly SagaDefinition Definition = SagaDefinition.Of<State>(
        Name,
        1,
        SagaStep.Of<Forget>("forget", "runs") with
        {
            Timeout = TimeSpan.FromMinutes(10),
            TakesLong = true,
        }
    );

    internal sealed record Parameters(int OlderThanDays);

    internal sealed record State
    {
        public int OlderThanDays { get; init; }
    }

    internal sealed class Forget(UnitOfWork work, TimeProvider clock) : ISagaAction<State>
    {
        private const string Sql = """
            WITH gone AS (DELETE FROM saga_runs WHERE status IN (2, 5) AND finished_at < @before RETURNING id),
            steps AS (DELETE FROM saga_steps s USING gone g WHERE s.run_id = g.id)
            SELECT count(*) FROM gone
            """;

        public async Task<StepResult> RunAsync(State state, StepContext step, CancellationToken ct)
        {
            var before = clock.GetUtcNow().AddDays(-state.OlderThanDays);
            var forgotten = await work.Connection.ExecuteScalarAsync<long>(
                new CommandDefinition(Sql, new { before }, work.Transaction, cancellationToken: ct)
            );
            return StepResult.Ok(new { forgotten });
        }

        /// <summary>What is forgotten is forgotten.</summary>
        public Task<StepResult> UndoAsync(State state, StepContext step, CancellationToken ct) => Task.FromResult(StepResult.Ok());
    }
}
