using System.Text.Json;
using DotMac.Kernel.Results;

namespace DotMac.Platform.Jobs;

/// <summary>A scheduled job as the API takes it. Either <see cref="Cron"/> or <see cref="IntervalSeconds"/>.</summary>
/// <param name="Cron">Seconds, minutes, hours, day of month, month, day of week, year if wanted: <c>0 30 2 * * ?</c>, in the tenant's zone.</param>
/// <param name="IntervalSeconds">10 to 31536000.</param>
public sealed record ScheduleFields(
    string? Name = null,
    string? Description = null,
    string? Kind = null,
    JsonElement? Parameters = null,
    string? Cron = null,
    int? IntervalSeconds = null,
    bool? Enabled = null
)
{
    internal string ParametersJson =>
        Parameters is { ValueKind: not JsonValueKind.Null and not JsonValueKind.Undefined } given ? given.GetRawText() : "{}";

    /// <summary>Everything that is wrong with it, at once.</summary>
    internal Error? Fault(JobStarter starter, DateTimeOffset now)
    {
        var faults = new Faults()
            .Text("name", Name, 1, 100)
            .Text("description", Description, 0, 500)
            .Check(Cron is not null || IntervalSeconds is not null, "cron", "required", "Give either cron or interval_seconds.")
            .Check(Cron is null || IntervalSeconds is null, "interval_seconds", "not_both", "Give either cron or interval_seconds.")
            .Range("interval_seconds", IntervalSeconds, 10, 31_536_000);
        if (Cron is not null)
        {
            CronFields.Check(faults, Cron, now);
        }

        var kind = starter.Find(Kind);
        faults.Check(kind is not null, "kind", "unknown", $"One of: {string.Join(", ", starter.Kinds.Select(k => k.Name))}.");
        foreach (var fault in kind?.Check(ParametersJson)?.Faults ?? [])
        {
            faults.Add(fault.Field, fault.Code, fault.Message);
        }

        return faults.Error;
    }
}

/// <summary>A scheduled job.</summary>
/// <param name="TimeZone">The tenant's, as of the last change.</param>
/// <param name="NextAt">When it is due next; null when it is switched off or never will be.</param>
/// <param name="NextTimes">The next three times it is due; none when it is switched off.</param>
/// <param name="LastRunId">The run that its last firing started.</param>
public sealed record ScheduleView(
    Guid Id,
    string Name,
    string? Description,
    string Kind,
    JsonElement Parameters,
    string? Cron,
    string TimeZone,
    int? IntervalSeconds,
    bool Enabled,
    DateTimeOffset? NextAt,
    DateTimeOffset? LastFiredAt,
    Guid? LastRunId,
    string? LastStatus,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<DateTimeOffset> NextTimes
);
