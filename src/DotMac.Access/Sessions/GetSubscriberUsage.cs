using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Sessions;

/// <summary>A subscriber's volume in buckets of an hour or a day, without gaps. Days are the tenant's.</summary>
/// <remarks>
/// <b>Units:</b> octets; <c>at</c> is the beginning of the bucket. <b>Errors:</b> <c>subscriber.not_found</c> 404,
/// <c>validation.failed</c> 400 (step, from, to; at most 31 days of hours or 400 days).
/// </remarks>
public static class GetSubscriberUsage
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, DateTimeOffset? From, DateTimeOffset? To, string? Step);

    public sealed record Response(string Step, IReadOnlyList<Bucket> Items, Volume Total);

    public sealed record Bucket(DateTimeOffset At, long UploadedBytes, long DownloadedBytes);

    public sealed record Volume(long UploadedBytes, long DownloadedBytes);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}/usage", Get).WithName(SubscriberKey.Name(nameof(GetSubscriberUsage), routeBase));
        }
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        string key,
        DateTimeOffset? from,
        DateTimeOffset? to,
        string? step,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, from, to, step), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        /// <summary>Every hour that touches the time asked for.</summary>
        private const string Hours = """
            SELECT b.at, coalesce(u.uploaded_bytes, 0) AS uploaded_bytes, coalesce(u.downloaded_bytes, 0) AS downloaded_bytes
            FROM generate_series(date_trunc('hour', @from, 'UTC'), @to - interval '1 microsecond', interval '1 hour') AS b (at)
            LEFT JOIN usage_hourly u ON u.subscriber_id = @subscriber AND u.hour = b.at
            ORDER BY b.at
            """;

        /// <summary>Every day of the tenant that touches it.</summary>
        private const string Days = """
            WITH zone AS (SELECT known_zone(coalesce((SELECT time_zone FROM tenants), 'UTC')) AS name),
            days AS (
                SELECT d::date AS day, d AT TIME ZONE zone.name AS at
                FROM zone, generate_series(date_trunc('day', @from AT TIME ZONE zone.name), (@to AT TIME ZONE zone.name) - interval '1 microsecond',
                    interval '1 day') AS d
            )
            SELECT d.at, coalesce(u.uploaded_bytes, 0) AS uploaded_bytes, coalesce(u.downloaded_bytes, 0) AS downloaded_bytes
            FROM days d LEFT JOIN usage_daily u ON u.subscriber_id = @subscriber AND u.day = d.day
            ORDER BY d.at
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var step = command.Step ?? "hour";
            var to = command.To ?? clock.GetUtcNow();
            var from = command.From ?? to.AddDays(step == "day" ? -30 : -1);
            var longest = step == "day" ? 400 : 31;
            var faults = new Faults()
                .Check(step is "hour" or "day", "step", "unknown", "hour or day.")
                .Check(from < to, "from", "out_of_range", "from must be before to.")
                .Check(to - from <= TimeSpan.FromDays(longest), "from", "out_of_range", $"At most {longest} days in steps of an {step}.");
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } subscriber)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var rows = await work.Connection.QueryAsync<Bucket>(
                new CommandDefinition(
                    step == "day" ? Days : Hours,
                    new
                    {
                        from,
                        to,
                        subscriber,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var items = rows.ToList();
            return new Response(step, items, new Volume(items.Sum(b => b.UploadedBytes), items.Sum(b => b.DownloadedBytes)));
        }
    }
}
