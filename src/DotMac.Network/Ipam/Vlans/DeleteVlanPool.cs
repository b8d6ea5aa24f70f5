using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>Removes a VLAN pool that nothing depends on.</summary>
/// <remarks><b>Errors:</b> <c>ipam_vlan_pool.not_found</c> 404, in use 409, <c>ipam_vlan_pool.changed</c> 412.</remarks>
public static class DeleteVlanPool
{
    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/ipam/vlan-pools/{id:guid}", Delete).WithName(nameof(DeleteVlanPool));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(Register<VlanPool, VlanPoolFields, VlanPoolView> register) : IHandle<Command, Done>
    {
        public Task<Result<Done>> Handle(Command command, CancellationToken ct) => register.DeleteAsync(command.Id, command.IfMatch, ct);
    }
}
