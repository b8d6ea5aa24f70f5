using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using Quartz;

namespace DotMac.Platform.Jobs;

/// <summary>Reads scheduled jobs as they are shown.</summary>
internal static class ScheduleRows
{
    public const string Select = """
        SELECT s.id, s.name, s.description, s.kind, s.parameters::text AS parameters, s.cron, s.time_zone, s.interval_seconds, s.enabled, s.created_by,
            s.created_at, s.updated_at, j.fired_at AS last_fired_at, j.run_id AS last_run_id, r.status AS last_status
        FROM scheduled_jobs s
        LEFT JOIN LATERAL (SELECT run_id, fired_at FROM jobs WHERE schedule_id = s.id ORDER BY fired_at DESC LIMIT 1) j ON true
        LEFT JOIN saga_runs r ON r.tenant_id = s.tenant_id AND r.id = j.run_id

        """;

    public static async Task<Row?> FindAsync(UnitOfWork work, Guid id, CancellationToken ct) =>
        await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Select + "WHERE s.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );

    /// <summary>How many of the times to come are told.</summary>
    private const int Foreseen = 3;

    internal sealed class Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string? Description { get; init; }
        public string Kind { get; init; } = "";
        public string Parameters { get; init; } = "{}";
        public string? Cron { get; init; }
        public string TimeZone { get; init; } = "UTC";
        public int? IntervalSeconds { get; init; }
        public bool Enabled { get; init; }
        public string CreatedBy { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
        public DateTimeOffset? LastFiredAt { get; init; }
        public Guid? LastRunId { get; init; }
        public short? LastStatus { get; init; }

        public ScheduleFields ToFields() =>
            new(Name, Description, Kind, JsonSerializer.Deserialize<JsonElement>(Parameters), Cron, IntervalSeconds, Enabled);

        public ScheduleView ToView(DateTimeOffset now)
        {
            var next = Enabled ? NextTimes(now) : [];
            return new(
                Id,
                Name,
                Description,
                Kind,
                JsonSerializer.Deserialize<JsonElement>(Parameters),
                Cron,
                TimeZone,
                IntervalSeconds,
                Enabled,
                next.Count > 0 ? next[0] : null,
                LastFiredAt,
                LastRunId,
                LastStatus is { } status ? Entities.SnakeCase(((SagaStatus)status).ToString()) : null,
                CreatedBy,
                CreatedAt,
                UpdatedAt,
                next
            );
        }

        private List<DateTimeOffset> NextTimes(DateTimeOffset now)
        {
            var found = new List<DateTimeOffset>();
            for (var after = NextAt(now); after is { } at && found.Count < Foreseen; after = NextAt(at))
            {
                found.Add(at);
            }

            return found;
        }

        private DateTimeOffset? NextAt(DateTimeOffset now)
        {
            if (Cron is not null)
            {
                return new CronExpression(Cron, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).GetNextValidTimeAfter(now);
            }

            var every = TimeSpan.FromSeconds(IntervalSeconds!.Value);
            var passed = Math.Max(0, Math.Floor((now - UpdatedAt) / every));
            return UpdatedAt + (every * (passed + 1));
        }
    }
}
