using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>Jobs that were begun, newest first.</summary>
public static class ListJobs
{
    [Requires("isp.oss.read")]
    public sealed record Command(
        string? Kind = null,
        [property: FromQuery(Name = "schedule_id")] Guid? ScheduleId = null,
        [property: FromQuery(Name = "chain_run_id")] Guid? ChainRunId = null,
        int? Limit = null,
        string? Cursor = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/jobs", Get).WithName(nameof(ListJobs));

    private static async Task<Results<Ok<Page<JobView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<JobView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<JobView>>
    {
        private const string Where = """
            WHERE (@Kind::text IS NULL OR j.kind = @Kind) AND (@ScheduleId::uuid IS NULL OR j.schedule_id = @ScheduleId)
                AND (@ChainRunId::uuid IS NULL OR j.chain_run_id = @ChainRunId) AND (@before::uuid IS NULL OR j.run_id < @before)
            ORDER BY j.run_id DESC LIMIT @take
            """;

        public async Task<Result<Page<JobView>>> Handle(Command command, CancellationToken ct)
        {
            Guid? before = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (Cursor.Decode(command.Cursor, 1) is not [{ } text] || !Guid.TryParse(text, out var last))
                {
                    return Cursor.Malformed;
                }

                before = last;
            }

            var limit = PageSize.Of(command.Limit);
            var values = new
            {
                command.Kind,
                command.ScheduleId,
                command.ChainRunId,
                before,
                take = limit + 1,
            };
            var rows = await work.Connection.QueryAsync<JobView.Row>(
                new CommandDefinition(JobView.Select + Where, values, work.Transaction, cancellationToken: ct)
            );
            return Page<JobView>.Of(rows.AsList(), limit, r => r.ToView(), r => Cursor.Encode(r.Id.ToString()));
        }
    }
}
