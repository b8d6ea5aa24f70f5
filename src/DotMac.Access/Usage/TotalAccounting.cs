using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Usage;

/// <summary>Octets of a subscriber, or of the whole tenant, between two days (both counted; the tenant's days).</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400 (start_date, end_date: at most 10 years; username and subscriber_id at once),
/// <c>subscriber.not_found</c> 404.
/// </remarks>
public static class TotalAccounting
{
    /// <param name="StartDate">The first of this month unless given.</param>
    /// <param name="EndDate">Today unless given.</param>
    /// <param name="Username">With neither this nor the id: the tenant.</param>
    public sealed record Body(DateOnly? StartDate = null, DateOnly? EndDate = null, string? Username = null, Guid? SubscriberId = null);

    [Requires("isp.radius.read")]
    public sealed record Command(Body Body);

    public sealed record Response(
        Guid? SubscriberId,
        DateOnly StartDate,
        DateOnly EndDate,
        int DaysWithUsage,
        long UploadedBytes,
        long DownloadedBytes,
        long TotalBytes
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/accounting/usage", Post).WithName(nameof(TotalAccounting));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string OfSubscriber = """
            SELECT count(*)::int AS days, add_octets(0, coalesce(sum(uploaded_bytes), 0)) AS up, add_octets(0, coalesce(sum(downloaded_bytes), 0)) AS down
            FROM usage_daily WHERE subscriber_id = @subscriber AND day BETWEEN @first AND @last
            """;

        private const string OfTenant = """
            SELECT count(*)::int AS days, add_octets(0, coalesce(sum(uploaded_bytes), 0)) AS up, add_octets(0, coalesce(sum(downloaded_bytes), 0)) AS down
            FROM usage_tenant_daily WHERE day BETWEEN @first AND @last
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Body;
            var calendar = await TenantDays.ReadAsync(work, clock.GetUtcNow(), ct);
            var last = body.EndDate ?? calendar.Today;
            var first = body.StartDate ?? new DateOnly(last.Year, last.Month, 1);
            var key = Input.Clean(body.Username) ?? body.SubscriberId?.ToString();
            var faults = new Faults()
                .Check(first <= last, "start_date", "out_of_range", "start_date must not be after end_date.")
                .Check(last.DayNumber - first.DayNumber <= 3653, "start_date", "out_of_range", "At most ten years.")
                .Check(
                    Input.Clean(body.Username) is null || body.SubscriberId is null,
                    "username",
                    "not_both",
                    "Give username or subscriber_id, not both."
                );
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var subscriber = key is null ? null : await SubscriberKey.FindAsync(work, key, ct);
            if (key is not null && subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var (days, up, down) = await work.Connection.QuerySingleAsync<(int, long, long)>(
                new CommandDefinition(
                    subscriber is null ? OfTenant : OfSubscriber,
                    new
                    {
                        subscriber,
                        first,
                        last,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var total = UsageTotal.Of([(up, down)]);
            return new Response(subscriber, first, last, days, total.UploadedBytes, total.DownloadedBytes, total.TotalBytes);
        }
    }
}
