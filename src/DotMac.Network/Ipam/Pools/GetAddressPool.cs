using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Pools;

/// <summary>One address pool.</summary>
/// <remarks><b>Errors:</b> <c>ipam_pool.not_found</c> 404.</remarks>
public static class GetAddressPool
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.AddressPools)
        {
            app.MapGet(route + "/{id:guid}", Get).WithName(Aliases.Name(nameof(GetAddressPool), route));
        }
    }

    private static async Task<Results<Ok<PoolView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, PoolView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, v => v.Version);

    internal sealed class Handler(Register<AddressPool, PoolFields, PoolView> register) : IHandle<Command, PoolView>
    {
        public Task<Result<PoolView>> Handle(Command command, CancellationToken ct) => register.GetAsync(command.Id, ct);
    }
}
