using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DotMac.Platform.Jobs;

/// <summary>Schedules, chains and jobs: the module's lines of the table of contents, and what it registers.</summary>
internal static class JobsModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<ListJobKinds.Handler>(ListJobKinds.Map),
        UseCase.Of<CreateScheduledJob.Handler>(CreateScheduledJob.Map),
        UseCase.Of<ListScheduledJobs.Handler>(ListScheduledJobs.Map),
        UseCase.Of<GetScheduledJob.Handler>(GetScheduledJob.Map),
        UseCase.Of<ChangeScheduledJob.Handler>(ChangeScheduledJob.Map),
        UseCase.Of<DeleteScheduledJob.Handler>(DeleteScheduledJob.Map),
        UseCase.Of<RunScheduledJob.Handler>(RunScheduledJob.Map),
        UseCase.Of<CreateJobChain.Handler>(CreateJobChain.Map),
        UseCase.Of<ListJobChains.Handler>(ListJobChains.Map),
        UseCase.Of<GetJobChain.Handler>(GetJobChain.Map),
        UseCase.Of<DeleteJobChain.Handler>(DeleteJobChain.Map),
        UseCase.Of<ExecuteJobChain.Handler>(ExecuteJobChain.Map),
        UseCase.Of<ListJobs.Handler>(ListJobs.Map),
        UseCase.Of<GetJob.Handler>(GetJob.Map),
        UseCase.Of<CancelJob.Handler>(CancelJob.Map),
        UseCase.Of<RetryJob.Handler>(RetryJob.Map),
    ];

    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddScoped<JobStarter>();
        services.AddSingleton(ForgetRunsJob.Kind);
        services.AddSaga(ForgetRunsJob.Definition);
        return services;
    }

    /// <summary>Quartz, clustered over the platform's own database, and what keeps it and the chains going.</summary>
    public static IServiceCollection AddJobsWorker(this IServiceCollection services)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options => options.InstanceName = ScheduleFollower.SchedulerName);
            quartz.UseDefaultThreadPool(4);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<Databases>().Platform);
                store.ConfigureStore(options => options.TablePrefix = "quartz.qrtz_");
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = TimeSpan.FromSeconds(5);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(5);
                });
                store.UseSystemTextJsonSerializer();
            });
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = false);
        services.AddHostedService<ScheduleFollower>();
        services.AddHostedService<ChainFollower>();
        return services;
    }
}
