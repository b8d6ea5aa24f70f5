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

namespace DotMac.Platform.Jobs;

/// <summary>Scheduled jobs by name, each with when it is due next and what its last firing came to.</summary>
public static class ListScheduledJobs
{
    [Requires("isp.oss.read")]
    public sealed record Command(int? Limit = null, string? Cursor = null);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/jobs/scheduler/scheduled-jobs", Get).WithName(nameof(ListScheduledJobs));

    private static async Task<Results<Ok<Page<ScheduleView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<ScheduleView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, Page<ScheduleView>>
    {
        public async Task<Result<Page<ScheduleView>>> Handle(Command command, CancellationToken ct)
        {
            string? after = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (Cursor.Decode(command.Cursor, 1) is not [{ } last])
                {
                    return Cursor.Malformed;
                }

                after = last;
            }

            var limit = PageSize.Of(command.Limit);
            var rows = await work.Connection.QueryAsync<ScheduleRows.Row>(
                new CommandDefinition(
                    ScheduleRows.Select + "WHERE (@after::text IS NULL OR lower(s.name) > @after) ORDER BY lower(s.name) LIMIT @take",
                    new { after, take = limit + 1 },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var now = clock.GetUtcNow();
            return Page<ScheduleView>.Of(rows.AsList(), limit, r => r.ToView(now), r => Cursor.Encode(r.Name.ToLowerInvariant()));
        }
    }
}
