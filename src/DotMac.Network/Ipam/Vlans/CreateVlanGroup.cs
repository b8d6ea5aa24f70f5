using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>Adds a VLAN group.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, conflicts 409 as <see cref="VlanGroupRegister"/> names them.</remarks>
public static class CreateVlanGroup
{
    [Requires("isp.ipam.write")]
    public sealed record Command(VlanGroupFields Fields);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/ipam/vlan-groups", Post).WithName(nameof(CreateVlanGroup));

    private static async Task<Results<Created<VlanGroupView>, ProblemHttpResult>> Post(
        VlanGroupFields body,
        IHandle<Command, VlanGroupView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/vlan-groups/{v.Id}");

    internal sealed class Handler(Register<VlanGroup, VlanGroupFields, VlanGroupView> register) : IHandle<Command, VlanGroupView>
    {
        public Task<Result<VlanGroupView>> Handle(Command command, CancellationToken ct) => register.CreateAsync(command.Fields, ct);
    }
}
