using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>Adds a VLAN pool.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, conflicts 409 as <see cref="VlanPoolRegister"/> names them.</remarks>
public static class CreateVlanPool
{
    [Requires("isp.ipam.write")]
    public sealed record Command(VlanPoolFields Fields);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/ipam/vlan-pools", Post).WithName(nameof(CreateVlanPool));

    private static async Task<Results<Created<VlanPoolView>, ProblemHttpResult>> Post(
        VlanPoolFields body,
        IHandle<Command, VlanPoolView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/vlan-pools/{v.Id}");

    internal sealed class Handler(Register<VlanPool, VlanPoolFields, VlanPoolView> register) : IHandle<Command, VlanPoolView>
    {
        public Task<Result<VlanPoolView>> Handle(Command command, CancellationToken ct) => register.CreateAsync(command.Fields, ct);
    }
}
