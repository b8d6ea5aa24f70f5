using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Usage;

/// <summary>Octets of every NAS in a period, most first, with its busiest day. Days are the tenant's.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (from, to: at most 400 days).</remarks>
public static class ListNasUsage
{
    /// <param name="From">First day; the first of this month unless given.</param>
    /// <param name="To">Last day; today unless given.</param>
    [Requires("isp.radius.read")]
    public sealed record Command(DateOnly? From = null, DateOnly? To = null);

    public sealed record Response(DateOnly From, DateOnly To, IReadOnlyList<Item> Items, UsageTotal Total);

    /// <param name="Shortname">Null when the NAS was removed since.</param>
    public sealed record Item(
        Guid NasId,
        string? Shortname,
        long UploadedBytes,
        long DownloadedBytes,
        long TotalBytes,
        DateOnly BusiestDay,
        long BusiestDayBytes
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/analytics/nas", Get).WithName(nameof(ListNasUsage));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Sql = """
            SELECT u.nas_id, n.shortname, add_octets(0, sum(u.uploaded_bytes)) AS uploaded_bytes, add_octets(0, sum(u.downloaded_bytes)) AS downloaded_bytes,
                add_octets(0, sum(u.uploaded_bytes::numeric + u.downloaded_bytes)) AS total_bytes,
                (array_agg(u.day ORDER BY u.uploaded_bytes::numeric + u.downloaded_bytes DESC, u.day))[1] AS busiest_day,
                add_octets(0, max(u.uploaded_bytes::numeric + u.downloaded_bytes)) AS busiest_day_bytes
            FROM usage_nas_daily u LEFT JOIN nas n ON n.id = u.nas_id
            WHERE u.day BETWEEN @first AND @last
            GROUP BY u.nas_id, n.shortname ORDER BY total_bytes DESC, u.nas_id
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var calendar = await TenantDays.ReadAsync(work, clock.GetUtcNow(), ct);
            var last = command.To ?? calendar.Today;
            var first = command.From ?? new DateOnly(last.Year, last.Month, 1);
            var faults = new Faults()
                .Check(first <= last, "from", "out_of_range", "from must not be after to.")
                .Check(last.DayNumber - first.DayNumber < 400, "from", "out_of_range", "At most 400 days.");
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var rows = await work.Connection.QueryAsync<Item>(
                new CommandDefinition(Sql, new { first, last }, work.Transaction, cancellationToken: ct)
            );
            var items = rows.ToList();
            return new Response(first, last, items, UsageTotal.Of(items.Select(i => (i.UploadedBytes, i.DownloadedBytes))));
        }
    }
}
