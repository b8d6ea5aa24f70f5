using DotMac.Kernel.Results;

namespace DotMac.Platform.Jobs;

/// <summary>Refusals about schedules, chains and jobs.</summary>
internal static class JobErrors
{
    public static readonly Error ScheduleNotFound = Error.NotFound("schedule.not_found", "There is no such scheduled job.");
    public static readonly Error ScheduleNameTaken = Error.Conflict("schedule.name_taken", "Another scheduled job has this name.");
    public static readonly Error ChainNotFound = Error.NotFound("job_chain.not_found", "There is no such chain of jobs.");
    public static readonly Error ChainNameTaken = Error.Conflict("job_chain.name_taken", "Another chain has this name.");
    public static readonly Error JobNotFound = Error.NotFound("job.not_found", "There is no such job.");
}
