using System.Globalization;
using Dapper;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DotMac.Platform.Jobs;

/// <summary>
/// Tells Quartz what the tenants' schedules say: woken by <c>NOTIFY schedules_changed</c>, and every half minute regardless. Of several nodes
/// one does so at a time; which one fires is Quartz's matter.
/// </summary>
internal sealed class ScheduleFollower(Databases databases, ISchedulerFactory factory, TimeProvider clock, ILogger<ScheduleFollower> log)
    : BackgroundService
{
    public const string SchedulerName = "dotmac";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private const string Wanted =
        "SELECT tenant_id, id, cron, time_zone, interval_seconds, version, updated_at FROM scheduled_jobs WHERE enabled";

    private const string Known =
        "SELECT trigger_group AS tenant, trigger_name AS job, description AS version FROM quartz.qrtz_triggers WHERE sched_name = @SchedulerName";

    /// <summary>Part of the change itself: heard when it is committed.</summary>
    public static Task TellAsync(UnitOfWork work, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition("NOTIFY schedules_changed", transaction: work.Transaction, cancellationToken: ct)
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await databases.OpenListenerAsync(stoppingToken);
                await connection.ExecuteAsync(new CommandDefinition("LISTEN schedules_changed", cancellationToken: stoppingToken));
                while (true)
                {
                    await FollowAsync(stoppingToken);
                    await connection.WaitAsync(Look, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning("Schedules wait: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            new CommandDefinition("SELECT pg_advisory_xact_lock(31, 1)", transaction: transaction, cancellationToken: ct)
        );
        var wanted = await connection.QueryAsync<Row>(new CommandDefinition(Wanted, transaction: transaction, cancellationToken: ct));
        var known = (
            await connection.QueryAsync<(string Tenant, string Job, string? Version)>(
                new CommandDefinition(Known, new { SchedulerName }, transaction, cancellationToken: ct)
            )
        ).ToDictionary(k => (k.Tenant, k.Job), k => k.Version);
        var scheduler = await factory.GetScheduler(ct);
        foreach (var row in wanted)
        {
            var key = (row.TenantId.ToString("N"), row.Id.ToString("N"));
            var version = row.Version.ToString(CultureInfo.InvariantCulture);
            if (known.Remove(key, out var has) && has == version)
            {
                continue;
            }

            await ScheduleAsync(scheduler, key, row, version, ct);
        }

        foreach (var (tenant, job) in known.Keys)
        {
            await scheduler.DeleteJob(new JobKey(job, tenant), ct);
        }

        await transaction.CommitAsync(ct);
    }

    private async Task ScheduleAsync(IScheduler scheduler, (string Tenant, string Job) key, Row row, string version, CancellationToken ct)
    {
        try
        {
            var job = JobBuilder.Create<FireScheduledJob>().WithIdentity(key.Job, key.Tenant).RequestRecovery(true).Build();
            var trigger = TriggerBuilder.Create(clock).WithIdentity(key.Job, key.Tenant).WithDescription(version).ForJob(job);
            // Firings that nobody was there for become one, now.
            var timed = row.Cron is { } cron
                ? trigger.WithCronSchedule(
                    cron,
                    s =>
                        s.InTimeZone(TimeZoneInfo.FindSystemTimeZoneById(row.TimeZone))
                            .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)
                )
                : trigger
                    .StartAt(row.UpdatedAt + TimeSpan.FromSeconds(row.IntervalSeconds!.Value))
                    .WithSimpleSchedule(s =>
                        s.WithInterval(TimeSpan.FromSeconds(row.IntervalSeconds.Value))
                            .RepeatForever()
                            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)
                    );
            await scheduler.DeleteJob(new JobKey(key.Job, key.Tenant), ct);
            await scheduler.ScheduleJob(job, timed.Build(), ScheduleJobOptions.Replacing, ct);
        }
        catch (Exception e) when (e is SchedulerException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            log.LogWarning("Job {Job} of tenant {Tenant} cannot be scheduled: {Reason}", key.Job, key.Tenant, e.Message);
        }
    }

    private sealed class Row
    {
        public Guid TenantId { get; init; }
        public Guid Id { get; init; }
        public string? Cron { get; init; }
        public string TimeZone { get; init; } = "UTC";
        public int? IntervalSeconds { get; init; }
        public int Version { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
    }
}
