using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>What the tenant has set for its PON.</summary>
public static class GetPonSettings
{
    [Requires("isp.network.pon.read")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/pon/settings", Get).WithName(nameof(GetPonSettings));

    private static async Task<Results<Ok<PonSettings>, ProblemHttpResult>> Get(
        IHandle<Command, PonSettings> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, PonSettings>
    {
        public async Task<Result<PonSettings>> Handle(Command command, CancellationToken ct) => await PonSettings.ReadAsync(work, ct);
    }
}
