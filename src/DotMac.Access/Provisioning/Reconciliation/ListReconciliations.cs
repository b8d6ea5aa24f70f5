using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>The last fifty comparisons, the newest first.</summary>
public static class ListReconciliations
{
    [Requires("isp.oss.read")]
    public sealed record Command;

    public sealed record Response(IReadOnlyList<ReconciliationView> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/reconciliation/runs", Get).WithName(nameof(ListReconciliations));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            new Response(
                (
                    await work.Connection.QueryAsync<ReconciliationView>(
                        new CommandDefinition(
                            "SELECT id, started_at, finished_at, started_by, compared, found, appeared, gone, not_asked FROM reconciliations ORDER BY started_at DESC LIMIT 50",
                            transaction: work.Transaction,
                            cancellationToken: ct
                        )
                    )
                ).AsList()
            );
    }
}
