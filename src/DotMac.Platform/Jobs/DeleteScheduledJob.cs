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

/// <summary>Takes a job off the schedule. What it started stays in the history.</summary>
/// <remarks><b>Errors:</b> <c>schedule.not_found</c> 404.</remarks>
public static class DeleteScheduledJob
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/jobs/scheduler/scheduled-jobs/{id:guid}", Delete).WithName(nameof(DeleteScheduledJob));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            const string Sql = "DELETE FROM scheduled_jobs WHERE id = @Id";
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Sql, command, work.Transaction, cancellationToken: ct)) == 0)
            {
                return JobErrors.ScheduleNotFound;
            }

            await ScheduleFollower.TellAsync(work, ct);
            audit.Note("scheduled_job.deleted", "scheduled_job", command.Id.ToString());
            return Done.Instance;
        }
    }
}
