using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Usage;

/// <summary>The subscribers with most octets in a period, most first. Days are the tenant's.</summary>
/// <remarks>
/// Whole months come from the monthly rollup, the days around them from the daily one. <b>Errors:</b> <c>validation.failed</c> 400 (direction, from, to:
/// at most 400 days).
/// </remarks>
public static class ListTopSubscribers
{
    /// <param name="From">First day; the first of this month unless given.</param>
    /// <param name="To">Last day; today unless given.</param>
    /// <param name="Direction">up, down or both (unless given).</param>
    /// <param name="Limit">1 to 500; 20 unless given.</param>
    [Requires("isp.radius.read")]
    public sealed record Command(DateOnly? From = null, DateOnly? To = null, string? Direction = null, int? Limit = null);

    public sealed record Response(DateOnly From, DateOnly To, string Direction, IReadOnlyList<Item> Items);

    /// <param name="Username">Null when the subscriber was removed since.</param>
    public sealed record Item(
        int Rank,
        Guid SubscriberId,
        string? Username,
        string? SubscriberNumber,
        string? FullName,
        long UploadedBytes,
        long DownloadedBytes,
        long TotalBytes
    );

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/radius/analytics/top-subscribers", Get).WithName(nameof(ListTopSubscribers));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Sql = """
            WITH summed AS (
                SELECT subscriber_id, sum(uploaded_bytes) AS up, sum(downloaded_bytes) AS down
                FROM (
                    SELECT subscriber_id, uploaded_bytes, downloaded_bytes FROM usage_monthly WHERE month >= @firstMonth AND month < @afterMonths
                    UNION ALL
                    SELECT subscriber_id, uploaded_bytes, downloaded_bytes FROM usage_daily
                    WHERE day >= @first AND day < @daysUntil
                    UNION ALL
                    SELECT subscriber_id, uploaded_bytes, downloaded_bytes FROM usage_daily
                    WHERE day >= @daysFrom AND day <= @last
                ) AS parts
                GROUP BY subscriber_id
            ),
            top AS (
                SELECT * FROM summed
                ORDER BY CASE @direction WHEN 'up' THEN up WHEN 'down' THEN down ELSE up + down END DESC, subscriber_id LIMIT @limit
            )
            SELECT row_number() OVER (ORDER BY CASE @direction WHEN 'up' THEN up WHEN 'down' THEN down ELSE up + down END DESC, subscriber_id)::int AS rank,
                t.subscriber_id, s.username, s.subscriber_number, s.full_name, add_octets(0, t.up) AS uploaded_bytes,
                add_octets(0, t.down) AS downloaded_bytes, add_octets(0, t.up + t.down) AS total_bytes
            FROM top t LEFT JOIN subscribers s ON s.id = t.subscriber_id AND s.deleted_at IS NULL
            ORDER BY rank
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var calendar = await TenantDays.ReadAsync(work, clock.GetUtcNow(), ct);
            var last = command.To ?? calendar.Today;
            var first = command.From ?? new DateOnly(last.Year, last.Month, 1);
            var direction = command.Direction ?? "both";
            var faults = new Faults()
                .Check(direction is "up" or "down" or "both", "direction", "unknown", "up, down or both.")
                .Check(first <= last, "from", "out_of_range", "from must not be after to.")
                .Check(last.DayNumber - first.DayNumber < 400, "from", "out_of_range", "At most 400 days.");
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var parts = PeriodParts.Of(first, last, calendar.Today);
            var items = await work.Connection.QueryAsync<Item>(
                new CommandDefinition(
                    Sql,
                    new
                    {
                        first,
                        last,
                        parts.FirstMonth,
                        parts.AfterMonths,
                        parts.DaysUntil,
                        parts.DaysFrom,
                        direction,
                        limit = Math.Clamp(command.Limit ?? 20, 1, PageSize.Most),
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return new Response(first, last, direction, items.ToList());
        }
    }
}

/// <summary>A period as whole months between single days: days from its first, months, days to its last.</summary>
/// <param name="AfterMonths">The first month that is not whole; equal to <paramref name="FirstMonth"/> when none is.</param>
/// <param name="DaysUntil">The days before the months end before this one.</param>
/// <param name="DaysFrom">The days behind the months begin with this one.</param>
internal sealed record PeriodParts(DateOnly FirstMonth, DateOnly AfterMonths, DateOnly DaysUntil, DateOnly DaysFrom)
{
    /// <param name="today">A month that has come as far as today is whole: nothing is counted behind it.</param>
    public static PeriodParts Of(DateOnly first, DateOnly last, DateOnly today)
    {
        var firstMonth = first.Day == 1 ? first : FirstOf(first).AddMonths(1);
        var afterMonths = last >= today ? FirstOf(last).AddMonths(1) : FirstOf(last.AddDays(1));
        return firstMonth < afterMonths
            ? new PeriodParts(firstMonth, afterMonths, firstMonth, afterMonths)
            : new PeriodParts(firstMonth, firstMonth, first, first);
    }

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);
}
