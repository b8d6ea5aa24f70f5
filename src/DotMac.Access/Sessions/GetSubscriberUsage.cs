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
        /// <summary>Every bucket that touches the time asked for, with what the hours in it add up to.</summary>
        private const string Buckets = """
            WITH zone AS (SELECT CASE WHEN @step = 'day' THEN coalesce((SELECT time_zone FROM tenants), 'UTC') ELSE 'UTC' END AS name),
            buckets AS (
                SELECT b AT TIME ZONE zone.name AS at, (b + ('1 ' || @step)::interval) AT TIME ZONE zone.name AS until
                FROM zone, generate_series(date_trunc(@step, @from AT TIME ZONE zone.name), (@to AT TIME ZONE zone.name) - interval '1 microsecond',
                    ('1 ' || @step)::interval) AS b
            )
            SELECT buckets.at, coalesce(sum(u.uploaded_bytes), 0)::bigint AS uploaded_bytes,
                coalesce(sum(u.downloaded_bytes), 0)::bigint AS downloaded_bytes
            FROM buckets LEFT JOIN usage_hourly u
                ON u.subscriber_id = @subscriber AND u.hour >= buckets.at AND u.hour < buckets.until
            GROUP BY buckets.at ORDER BY buckets.at
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
                return SessionErrors.SubscriberNotFound;
            }

            var rows = await work.Connection.QueryAsync<Bucket>(
                new CommandDefinition(
                    Buckets,
                    new
                    {
                        step,
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
