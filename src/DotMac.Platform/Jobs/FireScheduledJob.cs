using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DotMac.Platform.Jobs;

/// <summary>What Quartz calls when a schedule is due: starts the job's run. Called twice for one due time, it starts one.</summary>
internal sealed class FireScheduledJob(IServiceScopeFactory scopes, ILogger<FireScheduledJob> log) : IJob
{
    async ValueTask IJob.Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var tenant = Guid.Parse(context.Trigger.Key.Group);
        var id = Guid.Parse(context.JobDetail.Key.Name);
        // Recovering a firing of a node that died: its due time is the one it was to have.
        var due = context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "schedule");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, cancellationToken);
        if (await ScheduleRows.FindAsync(work, id, cancellationToken) is not { Enabled: true } row)
        {
            return;
        }

        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, $"schedule {row.Name}");
        var starter = scope.ServiceProvider.GetRequiredService<JobStarter>();
        var started = await starter.StartAsync(row.Kind, row.Parameters, row.Name, due, cancellationToken, row.Id);
        if (started.Error is { } refusal)
        {
            log.LogWarning("Scheduled job {Job} was refused: {Code} {Message}", row.Name, refusal.Code, refusal.Message);
            return;
        }

        await work.CommitAsync(cancellationToken);
    }
}
