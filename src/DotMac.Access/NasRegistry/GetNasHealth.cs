using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NasRegistry;

/// <summary>How one NAS fares: what it asked in the last minutes, what it was told, what of it was dropped and why, and how it answers us.</summary>
/// <remarks><b>Errors:</b> <c>nas.not_found</c> 404.</remarks>
public static class GetNasHealth
{
    [Requires("isp.radius.read")]
    public sealed record Command(Guid Id);

    /// <param name="AverageMs">From a request's arrival to our answer.</param>
    public sealed record Minute(
        DateTimeOffset At,
        long Accepts,
        long Rejects,
        long Accounting,
        long Unsigned,
        double AverageMs,
        double SlowestMs
    );

    public sealed record Drop(string Port, string Reason, long Count, DateTimeOffset LastAt);

    /// <summary>What it answered to Disconnect and CoA requests of the last day, by outcome.</summary>
    public sealed record Coa(string Outcome, long Count, double AverageMs, DateTimeOffset LastAt);

    /// <param name="RequestsPerSecond">Access- and Accounting-Requests over the last five minutes.</param>
    /// <param name="Minutes">The last hour, oldest first; minutes without a request are left out.</param>
    public sealed record Response(
        Guid NasId,
        string Shortname,
        DateTimeOffset? LastSeenAt,
        double RequestsPerSecond,
        double? RejectShare,
        IReadOnlyList<Minute> Minutes,
        IReadOnlyList<Drop> Drops,
        IReadOnlyList<Coa> CoaResults
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/nas/{id:guid}/health", Get).WithName(nameof(GetNasHealth));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Response>
    {
        private const string MinutesSql = """
            SELECT minute AS at, accepts, rejects, accounting, unsigned,
                coalesce(answer_us / nullif(accepts + rejects, 0), 0) / 1000.0::double precision AS average_ms, slowest_us / 1000.0::double precision AS slowest_ms
            FROM nas_minutes WHERE nas_id = @id AND minute > now() - interval '1 hour' ORDER BY minute
            """;

        private const string DropsSql = "SELECT port, reason, count, last_at FROM nas_drops WHERE nas_id = @id ORDER BY last_at DESC";

        private const string CoaSql = """
            SELECT outcome, count(*) AS count, avg(duration_ms)::double precision AS average_ms, max(at) AS last_at
            FROM coa_requests WHERE nas_id = @id AND at > now() - interval '1 day' GROUP BY outcome ORDER BY outcome
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (await NasView.FindAsync(work, command.Id, ct) is not { } nas)
            {
                return NasErrors.NotFound;
            }

            var minutes = await ReadAsync<Minute>(MinutesSql, command.Id, ct);
            var since = clock.GetUtcNow().AddMinutes(-5);
            var recent = minutes.Where(m => m.At >= since).ToList();
            var (accepts, rejects) = (recent.Sum(m => m.Accepts), recent.Sum(m => m.Rejects));
            return new Response(
                nas.Id,
                nas.Shortname,
                nas.LastSeenAt,
                Math.Round((accepts + rejects + recent.Sum(m => m.Accounting)) / 300.0, 3),
                accepts + rejects == 0 ? null : Math.Round((double)rejects / (accepts + rejects), 4),
                minutes,
                await ReadAsync<Drop>(DropsSql, command.Id, ct),
                await ReadAsync<Coa>(CoaSql, command.Id, ct)
            );
        }

        private async Task<List<T>> ReadAsync<T>(string sql, Guid id, CancellationToken ct) =>
            [.. await work.Connection.QueryAsync<T>(new CommandDefinition(sql, new { id }, work.Transaction, cancellationToken: ct))];
    }
}
