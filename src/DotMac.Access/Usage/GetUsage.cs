using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Usage;

/// <summary>Octets and bandwidth of the tenant, of one NAS or of one subscriber, in hours or days without gaps. Days are the tenant's.</summary>
/// <remarks>
/// <b>Units:</b> octets; bit/s as the mean of the bucket, and the peak: the busiest piece of <c>peak_seconds</c> in it (null when pieces so short are
/// no longer kept). Octets count when they are reported, not when they flowed. <b>Errors:</b> <c>validation.failed</c> 400 (step, from, to: at most 31 days of
/// hours or 400 days; nas_id and subscriber at once), <c>subscriber.not_found</c> 404, <c>nas.not_found</c> 404.
/// </remarks>
public static class GetUsage
{
    /// <param name="From">First day, the tenant's; 7 days (30 in steps of a day) before <paramref name="To"/> unless given.</param>
    /// <param name="To">Last day; today unless given.</param>
    /// <param name="Step">hour or day (unless given).</param>
    /// <param name="Subscriber">Id or username.</param>
    [Requires("isp.radius.read")]
    public sealed record Command(
        DateOnly? From = null,
        DateOnly? To = null,
        string? Step = null,
        [property: FromQuery(Name = "nas_id")] Guid? NasId = null,
        string? Subscriber = null
    );

    public sealed record Response(string Step, string TimeZone, int PeakSeconds, IReadOnlyList<Bucket> Items, UsageTotal Total);

    public sealed record Bucket(
        DateTimeOffset At,
        int Seconds,
        long UploadedBytes,
        long DownloadedBytes,
        long UploadBps,
        long DownloadBps,
        long? UploadPeakBps,
        long? DownloadPeakBps
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/analytics/usage", Get).WithName(nameof(GetUsage));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed record Row(DateTimeOffset At, int Seconds, long Up, long Down, long? PeakUp, long? PeakDown)
    {
        public Bucket ToBucket(int peakSeconds) =>
            new(At, Seconds, Up, Down, Up / Seconds * 8, Down / Seconds * 8, PeakUp / peakSeconds * 8, PeakDown / peakSeconds * 8);
    }

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var calendar = await TenantDays.ReadAsync(work, clock.GetUtcNow(), ct);
            var step = command.Step ?? "day";
            var last = command.To ?? calendar.Today;
            var first = command.From ?? last.AddDays(step == "day" ? -29 : -6);
            var longest = step == "day" ? 400 : 31;
            var subscriberKey = Input.Clean(command.Subscriber);
            var faults = new Faults()
                .Check(step is "hour" or "day", "step", "unknown", "hour or day.")
                .Check(first <= last, "from", "out_of_range", "from must not be after to.")
                .Check(
                    last.DayNumber - first.DayNumber < longest,
                    "from",
                    "out_of_range",
                    $"At most {longest} days in steps of one {step}."
                )
                .Check(command.NasId is null || subscriberKey is null, "subscriber", "not_both", "Give nas_id or subscriber, not both.");
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var (source, id) = (UsageSource.Tenant, Guid.Empty);
            if (subscriberKey is not null)
            {
                if (await SubscriberKey.FindAsync(work, subscriberKey, ct) is not { } subscriber)
                {
                    return AccessErrors.SubscriberNotFound;
                }

                (source, id) = (UsageSource.Subscriber, subscriber);
            }
            else if (command.NasId is { } nas)
            {
                if (!await NasExistsAsync(nas, ct))
                {
                    return UsageErrors.NasNotFound;
                }

                (source, id) = (UsageSource.Nas, nas);
            }

            var (from, until) = await BoundsAsync(calendar.Zone, first, last, ct);
            var rows = await work.Connection.QueryAsync<Row>(
                new CommandDefinition(
                    step == "hour" ? source.HourLine : source.DayLine,
                    new
                    {
                        id,
                        from,
                        until,
                        first,
                        last,
                        zone = calendar.Zone,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var items = rows.Select(r => r.ToBucket(source.PeakSeconds)).ToList();
            return new Response(
                step,
                calendar.Zone,
                source.PeakSeconds,
                items,
                UsageTotal.Of(items.Select(i => (i.UploadedBytes, i.DownloadedBytes)))
            );
        }

        private Task<bool> NasExistsAsync(Guid id, CancellationToken ct) =>
            work.Connection.ExecuteScalarAsync<bool>(
                new CommandDefinition("SELECT EXISTS (SELECT FROM nas WHERE id = @id)", new { id }, work.Transaction, cancellationToken: ct)
            );

        /// <summary>The whole hours around the days: where days begin at 18:15 UTC, the line begins at 18:00.</summary>
        private Task<(DateTimeOffset From, DateTimeOffset Until)> BoundsAsync(
            string zone,
            DateOnly first,
            DateOnly last,
            CancellationToken ct
        ) =>
            work.Connection.QuerySingleAsync<(DateTimeOffset, DateTimeOffset)>(
                new CommandDefinition(
                    """
                    SELECT date_trunc('hour', @first::timestamp AT TIME ZONE @zone, 'UTC'), (@last::date + 1)::timestamp AT TIME ZONE @zone
                    """,
                    new
                    {
                        zone,
                        first,
                        last,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
    }
}

/// <summary>Octets from and to subscribers, and both.</summary>
public sealed record UsageTotal(long UploadedBytes, long DownloadedBytes, long TotalBytes)
{
    internal static UsageTotal Of(IEnumerable<(long Up, long Down)> parts)
    {
        var (up, down) = (0m, 0m);
        foreach (var part in parts)
        {
            up += part.Up;
            down += part.Down;
        }

        return new UsageTotal(Cut(up), Cut(down), Cut(up + down));
    }

    private static long Cut(decimal sum) => (long)Math.Min(sum, long.MaxValue);
}
