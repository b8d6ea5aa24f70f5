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

/// <summary>Forgets a chain. One that is being gone through goes on to its end.</summary>
/// <remarks><b>Errors:</b> <c>job_chain.not_found</c> 404.</remarks>
public static class DeleteJobChain
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/jobs/scheduler/chains/{id:guid}", Delete).WithName(nameof(DeleteJobChain));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            const string Sql = "DELETE FROM job_chains WHERE id = @Id";
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Sql, command, work.Transaction, cancellationToken: ct)) == 0)
            {
                return JobErrors.ChainNotFound;
            }

            audit.Note("job_chain.deleted", "job_chain", command.Id.ToString());
            return Done.Instance;
        }
    }
}
