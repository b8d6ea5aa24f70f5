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

/// <summary>Changes a scheduled job. What is absent stays; a cron replaces an interval and the other way round.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>schedule.not_found</c> 404, <c>schedule.name_taken</c> 409.</remarks>
public static class ChangeScheduledJob
{
    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id, ScheduleFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapPatch("/jobs/scheduler/scheduled-jobs/{id:guid}", Patch).WithName(nameof(ChangeScheduledJob));
        app.MapPost("/jobs/scheduler/scheduled-jobs/{id:guid}/toggle", Post).WithName("ToggleScheduledJob");
    }

    private static async Task<Results<Ok<ScheduleView>, ProblemHttpResult>> Patch(
        Guid id,
        ScheduleFields body,
        IHandle<Command, ScheduleView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body), ct)).ToHttp();

    private static async Task<Results<Ok<ScheduleView>, ProblemHttpResult>> Post(
        Guid id,
        bool enabled,
        IHandle<Command, ScheduleView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, new ScheduleFields(Enabled: enabled)), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, JobStarter starter, TimeProvider clock)
        : IHandle<Command, ScheduleView>
    {
        private const string Update = """
            UPDATE scheduled_jobs s SET name = @Name, description = @Description, kind = @Kind, parameters = @ParametersJson::jsonb, cron = @Cron,
                time_zone = t.time_zone, interval_seconds = @IntervalSeconds, enabled = @Enabled, updated_at = @now, version = s.version + 1
            FROM tenants t WHERE t.tenant_id = s.tenant_id AND s.id = @id
                AND NOT EXISTS (SELECT FROM scheduled_jobs o WHERE lower(o.name) = lower(@Name) AND o.id <> @id)
            """;

        public async Task<Result<ScheduleView>> Handle(Command command, CancellationToken ct)
        {
            if (await ScheduleRows.FindAsync(work, command.Id, ct) is not { } row)
            {
                return JobErrors.ScheduleNotFound;
            }

            var (was, asked) = (row.ToFields(), command.Fields);
            var fields = new ScheduleFields(
                asked.Name ?? was.Name,
                asked.Description ?? was.Description,
                asked.Kind ?? was.Kind,
                asked.Parameters ?? was.Parameters,
                asked.Cron ?? (asked.IntervalSeconds is null ? was.Cron : null),
                asked.IntervalSeconds ?? (asked.Cron is null ? was.IntervalSeconds : null),
                asked.Enabled ?? was.Enabled
            );
            if (fields.Fault(starter, clock.GetUtcNow()) is { } fault)
            {
                return fault;
            }

            var now = clock.GetUtcNow();
            var values = new
            {
                id = command.Id,
                fields.Name,
                fields.Description,
                fields.Kind,
                fields.ParametersJson,
                fields.Cron,
                fields.IntervalSeconds,
                fields.Enabled,
                now,
            };
            if (await work.Connection.ExecuteAsync(new CommandDefinition(Update, values, work.Transaction, cancellationToken: ct)) == 0)
            {
                return JobErrors.ScheduleNameTaken;
            }

            await ScheduleFollower.TellAsync(work, ct);
            audit.Note(
                "scheduled_job.updated",
                "scheduled_job",
                command.Id.ToString(),
                after: System.Text.Json.JsonSerializer.Serialize(
                    new
                    {
                        fields.Name,
                        fields.Kind,
                        fields.Cron,
                        fields.IntervalSeconds,
                        fields.Enabled,
                    }
                )
            );
            return (await ScheduleRows.FindAsync(work, command.Id, ct))!.ToView(now);
        }
    }
}
