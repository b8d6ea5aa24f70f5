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

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/coa/settings", Get).WithName(nameof(GetCoaSettings));

    private static async Task<Results<Ok<CoaSettingsView>, ProblemHttpResult>> Get(
        IHandle<Command, CoaSettingsView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, CoaSettingsView>
    {
        public async Task<Result<CoaSettingsView>> Handle(Command command, CancellationToken ct) =>
            (await CoaSettingsView.ReadAsync(work, ct)).ToView();
    }
}
