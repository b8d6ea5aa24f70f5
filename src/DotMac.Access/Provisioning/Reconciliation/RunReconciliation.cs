using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Compares now, and answers with what came of it. Changes nothing in the network.</summary>
public static class RunReconciliation
{
    [Requires("isp.oss.configure")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/reconciliation/runs", Post).WithName(nameof(RunReconciliation));

    private static async Task<Results<Ok<ReconciliationView>, ProblemHttpResult>> Post(
        IHandle<Command, ReconciliationView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(Reconciler reconciler, AuditTrail audit) : IHandle<Command, ReconciliationView>
    {
        public async Task<Result<ReconciliationView>> Handle(Command command, CancellationToken ct)
        {
            var view = await reconciler.RunAsync(ct);
            audit.Note("reconciliation.run", "reconciliation", view.Id.ToString());
            return view;
        }
    }
}
