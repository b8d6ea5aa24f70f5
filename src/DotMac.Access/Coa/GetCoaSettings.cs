using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Coa;

/// <summary>What carries the tenant's Disconnect- and CoA-Requests.</summary>
public static class GetCoaSettings
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    /// <param name="Transport">direct or radclient.</param>
    public sealed record Response(string Transport);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/coa/settings", Get).WithName(nameof(GetCoaSettings));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            new Response(
                Words.Of(
                    (CoaTransport)(
                        await work.Connection.QuerySingleOrDefaultAsync<short?>(
                            new CommandDefinition(
                                "SELECT transport FROM coa_settings",
                                transaction: work.Transaction,
                                cancellationToken: ct
                            )
                        ) ?? 0
                    )
                )
            );
    }
}
