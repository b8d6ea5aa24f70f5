using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Systems;

/// <summary>One role of an outside system, with the driver that the tenant has chosen.</summary>
/// <remarks><b>Errors:</b> <c>oss.service_unknown</c> 404.</remarks>
public static class GetSystem
{
    [Requires("isp.oss.read")]
    public sealed record Command(string Service);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/tenant/oss/{service}", Get).WithName(nameof(GetSystem));

    private static async Task<Results<Ok<SystemView>, ProblemHttpResult>> Get(
        string service,
        IHandle<Command, SystemView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(service), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, SecretBox box, IEnumerable<DriverKind> kinds) : IHandle<Command, SystemView>
    {
        public async Task<Result<SystemView>> Handle(Command command, CancellationToken ct) =>
            await SystemView.ReadAsync(work, box, kinds, command.Service, ct) is { } view ? view : SystemView.Unknown;
    }
}
