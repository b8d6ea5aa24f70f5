using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Jobs;

/// <summary>One scheduled job.</summary>
/// <remarks><b>Errors:</b> <c>schedule.not_found</c> 404.</remarks>
public static class GetScheduledJob
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/jobs/scheduler/scheduled-jobs/{id:guid}", Get).WithName(nameof(GetScheduledJob));

    private static async Task<Results<Ok<ScheduleView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, ScheduleView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, TimeProvider clock) : IHandle<Command, ScheduleView>
    {
        public async Task<Result<ScheduleView>> Handle(Command command, CancellationToken ct) =>
            await ScheduleRows.FindAsync(work, command.Id, ct) is { } row ? row.ToView(clock.GetUtcNow()) : JobErrors.ScheduleNotFound;
    }
}
