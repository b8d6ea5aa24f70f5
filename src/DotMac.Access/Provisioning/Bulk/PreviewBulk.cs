using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>Whom a bulk operation would mean, how many, and how much money where that is known. Changes nothing.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>permission.missing</c> 403 (what one of them needs).</remarks>
public static class PreviewBulk
{
    [Requires("isp.oss.configure")]
    public sealed record Command(BulkOrder Order);

    /// <param name="Online">How many of them are online now.</param>
    /// <param name="Charged">How many have a service that is charged for.</param>
    /// <param name="MonthlyAmount">What they pay a month together; null while no prices are known.</param>
    /// <param name="Fingerprint">Give it back when starting: a start that would mean others is refused.</param>
    /// <param name="Sample">The first of them.</param>
    public sealed record Response(
        int Total,
        int Online,
        int Charged,
        int Suspended,
        int Busy,
        decimal? MonthlyAmount,
        string Fingerprint,
        IReadOnlyList<Subscriber> Sample
    );

    public sealed record Subscriber(Guid Id, string SubscriberNumber, string Username, string? FullName, string? Plan, bool Suspended);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/provisioning/bulk/preview", Post).WithName(nameof(PreviewBulk));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        BulkOrder body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller) : IHandle<Command, Response>
    {
        private const string Counts = """
            SELECT count(DISTINCT s.id) FILTER (WHERE o.subscriber_id IS NOT NULL)::int AS online,
                count(DISTINCT s.id) FILTER (WHERE i.id IS NOT NULL)::int AS charged, count(DISTINCT s.id) FILTER (WHERE s.suspended)::int AS suspended,
                count(DISTINCT s.id) FILTER (WHERE r.id IS NOT NULL)::int AS busy
            FROM subscribers s LEFT JOIN radacct o ON o.subscriber_id = s.id AND o.acctstoptime IS NULL
            LEFT JOIN service_instances i ON i.subscriber_id = s.id AND i.status NOT IN (3, 11)
            LEFT JOIN saga_runs r ON r.subject_id = s.id AND r.status IN (0, 1, 4, 6) AND NOT r.queued
            WHERE s.id = ANY (@ids)
            """;

        private const string First = """
            SELECT s.id, s.subscriber_number, s.username, s.full_name, p.name AS plan, s.suspended
            FROM subscribers s LEFT JOIN radius_bandwidth_profiles p ON p.id = s.bandwidth_profile_id
            WHERE s.id = ANY (@ids) ORDER BY s.subscriber_number LIMIT 20
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (command.Order.Refusal() is { } refusal)
            {
                return refusal;
            }

            if (
                BulkOrder.Forbidden(command.Order.KindRead!.Value, command.Order.Parameters ?? new BulkParameters(), caller.Value) is
                { } forbidden
            )
            {
                return forbidden;
            }

            var whom = await command.Order.WhomAsync(work, ct);
            if (whom.Count > BulkOrder.Most)
            {
                return BulkErrors.TooMany(whom.Count, BulkOrder.Most);
            }

            var values = new { ids = whom.ToArray() };
            var counts = await work.Connection.QuerySingleAsync<(int Online, int Charged, int Suspended, int Busy)>(
                new CommandDefinition(Counts, values, work.Transaction, cancellationToken: ct)
            );
            var sample = await work.Connection.QueryAsync<Subscriber>(
                new CommandDefinition(First, values, work.Transaction, cancellationToken: ct)
            );
            return new Response(
                whom.Count,
                counts.Online,
                counts.Charged,
                counts.Suspended,
                counts.Busy,
                null,
                command.Order.Fingerprint(whom),
                [.. sample]
            );
        }
    }
}
