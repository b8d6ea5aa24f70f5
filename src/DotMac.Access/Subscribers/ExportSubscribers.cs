using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>The filtered list as CSV (RFC 4180, UTF-8), streamed: a hundred thousand rows need no memory.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400 (sort). <b>Effects:</b> audit entry <c>subscriber.exported</c>. Free text that a spreadsheet
/// would take for a formula gets an apostrophe before it.
/// </remarks>
public static class ExportSubscribers
{
    [Requires("isp.radius.read")]
    public sealed record Command(SubscriberFilter Filter);

    /// <summary>The export is allowed and noted; its rows are read while they are sent, as <paramref name="Caller"/>.</summary>
    internal sealed record Grant(SubscriberFilter Filter, SubscriberOrder Order, Caller Caller);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/export.csv", Get).WithName(SubscriberKey.Name(nameof(ExportSubscribers), routeBase));
        }
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Get(
        [AsParameters] SubscriberFilter filter,
        IHandle<Command, Grant> handler,
        SubscriberCsv csv,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var granted = await handler.Handle(new Command(filter), ct);
        if (granted.Error is { } refusal)
        {
            return Problems.ToProblem(refusal);
        }

        return TypedResults.Stream(
            output => csv.WriteAsync(granted.Value, output, ct),
            "text/csv; charset=utf-8",
            $"subscribers-{clock.GetUtcNow():yyyyMMdd-HHmm}.csv"
        );
    }

    internal sealed class Handler(AuditTrail audit, CurrentCaller current) : IHandle<Command, Grant>
    {
        public Task<Result<Grant>> Handle(Command command, CancellationToken ct)
        {
            var order = SubscriberOrder.Of(command.Filter.Sort);
            if (order.Error is { } refusal)
            {
                return Task.FromResult<Result<Grant>>(refusal);
            }

            audit.Note("subscriber.exported", "subscriber", "list");
            return Task.FromResult<Result<Grant>>(new Grant(command.Filter, order.Value, current.Value));
        }
    }
}
