using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>Removes a VLAN group that nothing depends on.</summary>
/// <remarks><b>Errors:</b> <c>ipam_vlan_group.not_found</c> 404, in use 409, <c>ipam_vlan_group.changed</c> 412.</remarks>
public static class DeleteVlanGroup
{
    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/ipam/vlan-groups/{id:guid}", Delete).WithName(nameof(DeleteVlanGroup));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(Register<VlanGroup, VlanGroupFields, VlanGroupView> register) : IHandle<Command, Done>
    {
        public Task<Result<Done>> Handle(Command command, CancellationToken ct) => register.DeleteAsync(command.Id, command.IfMatch, ct);
    }
}
