using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Pools;

/// <summary>Adds an address pool.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, conflicts 409 as <see cref="PoolRegister"/> names them.</remarks>
public static class CreateAddressPool
{
    [Requires("isp.ipam.write")]
    public sealed record Command(PoolFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.AddressPools)
        {
            app.MapPost(route, Post).WithName(Aliases.Name(nameof(CreateAddressPool), route));
        }
    }

    private static async Task<Results<Created<PoolView>, ProblemHttpResult>> Post(
        PoolFields body,
        IHandle<Command, PoolView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/pools/{v.Id}");

    internal sealed class Handler(Register<AddressPool, PoolFields, PoolView> register) : IHandle<Command, PoolView>
    {
        public Task<Result<PoolView>> Handle(Command command, CancellationToken ct) => register.CreateAsync(command.Fields, ct);
    }
}
