using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>One VLAN pool.</summary>
/// <remarks><b>Errors:</b> <c>ipam_vlan_pool.not_found</c> 404.</remarks>
public static class GetVlanPool
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/ipam/vlan-pools/{id:guid}", Get).WithName(nameof(GetVlanPool));

    private static async Task<Results<Ok<VlanPoolView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, VlanPoolView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, v => v.Version);

    internal sealed class Handler(Register<VlanPool, VlanPoolFields, VlanPoolView> register) : IHandle<Command, VlanPoolView>
    {
        public Task<Result<VlanPoolView>> Handle(Command command, CancellationToken ct) => register.GetAsync(command.Id, ct);
    }
}
