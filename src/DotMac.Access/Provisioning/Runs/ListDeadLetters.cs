using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Runs;

/// <summary>Runs that could not be undone and wait for somebody: try again, or give up with a reason.</summary>
public static class ListDeadLetters
{
    /// <param name="Sort">created_at, changed_at, definition or subject_label; with - before it from the end.</param>
    [Requires("isp.oss.read")]
    public sealed record Command(int? Limit = null, string? Cursor = null, bool? Count = null, string? Sort = null);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/provisioning/runs/dead-letter", Get).WithName(nameof(ListDeadLetters));

    private static async Task<Results<Ok<Page<RunHead>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<RunHead>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<RunHead>>
    {
        public Task<Result<Page<RunHead>>> Handle(Command command, CancellationToken ct) =>
            new RunQuery("stuck", Limit: command.Limit, Cursor: command.Cursor, Count: command.Count, Sort: command.Sort).ReadAsync(
                work,
                ct
            );
    }
}
