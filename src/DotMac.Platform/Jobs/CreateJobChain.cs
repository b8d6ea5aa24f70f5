using System.Text.Json;
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

/// <summary>Makes a chain: jobs that are done one after the other; the next begins when the one before has ended.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>job_chain.name_taken</c> 409.</remarks>
public static class CreateJobChain
{
    /// <param name="Links">1 to 50 jobs, in order.</param>
    /// <param name="StopOnFailure">Default true: behind a job that failed nothing is begun.</param>
    public sealed record Body(string? Name = null, IReadOnlyList<ChainLink>? Links = null, bool? StopOnFailure = null);

    [Requires("isp.oss.configure")]
    public sealed record Command(Body Chain);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/jobs/scheduler/chains", Post).WithName(nameof(CreateJobChain));

    private static async Task<Results<Created<ChainView>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, ChainView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(c => $"/api/v1/jobs/scheduler/chains/{c.Id}");

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, AuditTrail audit, JobStarter starter, TimeProvider clock)
        : IHandle<Command, ChainView>
    {
        private const string Insert = """
            INSERT INTO job_chains (tenant_id, id, name, links, stop_on_failure, created_by, created_at)
            VALUES (@TenantId, @id, @Name, @links::jsonb, @stop, @by, @now) ON CONFLICT (tenant_id, lower(name)) DO NOTHING
            """;

        public async Task<Result<ChainView>> Handle(Command command, CancellationToken ct)
        {
            var (chain, now) = (command.Chain, clock.GetUtcNow());
            if (Faults(chain) is { } fault)
            {
                return fault;
            }

            var id = Guid.CreateVersion7(now);
            var values = new
            {
                work.TenantId,
                id,
                chain.Name,
                links = JsonSerializer.Serialize(chain.Links, DotMac.Kernel.Sagas.SagaJson.Options),
                stop = chain.StopOnFailure ?? true,
                by = caller.Value.Name,
                now,
            };
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Insert, values, work.Transaction, cancellationToken: ct)) == 0)
            {
                return JobErrors.ChainNameTaken;
            }

            audit.Note("job_chain.created", "job_chain", id.ToString(), after: JsonSerializer.Serialize(new { chain.Name }));
            return (await ChainRows.FindAsync(work, id, ct))!;
        }

        private Error? Faults(Body chain)
        {
            var faults = new Faults()
                .Text("name", chain.Name, 1, 100)
                .Check(chain.Links is { Count: >= 1 and <= 50 }, "links", "required", "From 1 to 50 jobs.");
            for (var i = 0; i < (chain.Links?.Count ?? 0); i++)
            {
                var link = chain.Links![i];
                var kind = starter.Find(link.Kind);
                faults.Check(
                    kind is not null,
                    $"links[{i}].kind",
                    "unknown",
                    $"One of: {string.Join(", ", starter.Kinds.Select(k => k.Name))}."
                );
                foreach (var fault in kind?.Check(link.ParametersJson)?.Faults ?? [])
                {
                    faults.Add($"links[{i}].{fault.Field}", fault.Code, fault.Message);
                }
            }

            return faults.Error;
        }
    }
}
