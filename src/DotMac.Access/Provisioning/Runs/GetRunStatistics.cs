using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>How many runs stand how, and how long those took that ended, by kind; of the last 24 hours unless <c>since</c> tells otherwise.</summary>
public static class GetRunStatistics
{
    [Requires("isp.oss.read")]
    public sealed record Command(DateTimeOffset? Since = null);

    /// <param name="P50Seconds">From the order to the end, half of the completed runs took no longer; null when none completed.</param>
    public sealed record Kind(string Definition, IReadOnlyDictionary<string, long> ByStatus, double? P50Seconds, double? P95Seconds);

    /// <param name="Unfinished">Of any age: waiting, running, being undone.</param>
    /// <param name="Stuck">Of any age: in the dead-letter.</param>
    /// <param name="Degraded">Of any age: repair tasks.</param>
    public sealed record Response(DateTimeOffset Since, long Unfinished, long Stuck, long Degraded, IReadOnlyList<Kind> Definitions);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/provisioning/runs/statistics", Get).WithName(nameof(GetRunStatistics));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string Now = """
            SELECT count(*) FILTER (WHERE status IN (0, 1, 4)) AS unfinished, count(*) FILTER (WHERE status = 6) AS stuck,
                count(*) FILTER (WHERE status = 3) AS degraded
            FROM saga_runs WHERE status IN (0, 1, 3, 4, 6)
            """;

        private const string Counts = """
            SELECT definition, status, count(*) AS number,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at)) AS p50,
                percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at)) AS p95
            FROM saga_runs WHERE changed_at >= @since AND created_at >= @since GROUP BY definition, status
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var since = command.Since?.ToUniversalTime() ?? clock.GetUtcNow().AddDays(-1);
            await using var read = await work.Connection.QueryMultipleAsync(
                new CommandDefinition(Now + ";" + Counts, new { since }, work.Transaction, cancellationToken: ct)
            );
            var (unfinished, stuck, degraded) = await read.ReadSingleAsync<(long, long, long)>();
            var rows = (await read.ReadAsync<Row>()).ToLookup(r => r.Definition, StringComparer.Ordinal);
            return new Response(
                since,
                unfinished,
                stuck,
                degraded,
                [.. rows.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => Show(k.Key, [.. k]))]
            );
        }

        private static Kind Show(string definition, IReadOnlyList<Row> rows)
        {
            var completed = rows.FirstOrDefault(r => (SagaStatus)r.Status == SagaStatus.Completed);
            return new Kind(
                definition,
                rows.ToDictionary(r => Words.Of((SagaStatus)r.Status), r => r.Number, StringComparer.Ordinal),
                completed?.P50,
                completed?.P95
            );
        }

        private sealed class Row
        {
            public string Definition { get; init; } = "";
            public short Status { get; init; }
            public long Number { get; init; }
            public double? P50 { get; init; }
            public double? P95 { get; init; }
        }
    }
}
