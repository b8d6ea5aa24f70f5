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

/// <summary>Puts a job on a schedule: at times told by a cron expression in the tenant's zone, or in equal intervals.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>schedule.name_taken</c> 409.</remarks>
public static class CreateScheduledJob
{
    [Requires("isp.oss.configure")]
    public sealed record Command(ScheduleFields Fields);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/jobs/scheduler/scheduled-jobs", Post).WithName(nameof(CreateScheduledJob));

    private static async Task<Results<Created<ScheduleView>, ProblemHttpResult>> Post(
        ScheduleFields body,
        IHandle<Command, ScheduleView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(s => $"/api/v1/jobs/scheduler/scheduled-jobs/{s.Id}");

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, AuditTrail audit, JobStarter starter, TimeProvider clock)
        : IHandle<Command, ScheduleView>
    {
        private const string Insert = """
            INSERT INTO scheduled_jobs (tenant_id, id, name, description, kind, parameters, cron, time_zone, interval_seconds, enabled, created_by,
                created_at, updated_at)
            SELECT @TenantId, @id, @Name, @Description, @Kind, @ParametersJson::jsonb, @Cron, t.time_zone, @IntervalSeconds, @enabled, @by, @now, @now
            FROM tenants t WHERE t.tenant_id = @TenantId
            ON CONFLICT (tenant_id, lower(name)) DO NOTHING
            """;

        public async Task<Result<ScheduleView>> Handle(Command command, CancellationToken ct)
        {
            var fields = command.Fields;
            if (fields.Fault(starter, clock.GetUtcNow()) is { } fault)
            {
                return fault;
            }

            var now = clock.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            var values = new
            {
                work.TenantId,
                id,
                fields.Name,
                fields.Description,
                fields.Kind,
                fields.ParametersJson,
                fields.Cron,
                fields.IntervalSeconds,
                enabled = fields.Enabled ?? true,
                by = caller.Value.Name,
                now,
            };
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Insert, values, work.Transaction, cancellationToken: ct)) == 0)
            {
                return JobErrors.ScheduleNameTaken;
            }

            await ScheduleFollower.TellAsync(work, ct);
            audit.Note(
                "scheduled_job.created",
                "scheduled_job",
                id.ToString(),
                after: System.Text.Json.JsonSerializer.Serialize(
                    new
                    {
                        fields.Name,
                        fields.Kind,
                        fields.Cron,
                        fields.IntervalSeconds,
                    }
                )
            );
            return (await ScheduleRows.FindAsync(work, id, ct))!.ToView(now);
        }
    }
}
