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

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Runs, newest first unless sorted. <c>status=degraded</c> are the repair tasks; <c>q</c> looks in the subject's label, in what its subscriber is found by, in the starter and in the id.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400 (status, sort, cursor).</remarks>
public static class ListRuns
{
    /// <param name="Sort">created_at or changed_at, of stuck and degraded ones also definition or subject_label; with - before it from the end.</param>
    [Requires("isp.oss.read")]
    public sealed record Command(
        string? Status = null,
        string? Definition = null,
        [property: FromQuery(Name = "subject_id")] Guid? SubjectId = null,
        [property: FromQuery(Name = "parent_id")] Guid? ParentId = null,
        DateTimeOffset? Since = null,
        string? Q = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/provisioning/runs", Get).WithName(nameof(ListRuns));

    private static async Task<Results<Ok<Page<RunHead>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<RunHead>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<RunHead>>
    {
        public Task<Result<Page<RunHead>>> Handle(Command command, CancellationToken ct) =>
            new RunQuery(
                command.Status,
                command.Definition,
                command.SubjectId,
                command.ParentId,
                command.Since,
                command.Q,
                command.Limit,
                command.Cursor,
                command.Count,
                command.Sort
            ).ReadAsync(work, ct);
    }
}
