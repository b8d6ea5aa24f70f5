using System.Text.Json.Nodes;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>Changes the given fields of a VLAN group: absent keeps, null clears (RFC 7396).</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>ipam_vlan_group.not_found</c> 404, conflicts 409, <c>ipam_vlan_group.changed</c> 412 (If-Match does not
/// fit, or a race was lost).
/// </remarks>
public static class UpdateVlanGroup
{
    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, JsonObject Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPatch("/ipam/vlan-groups/{id:guid}", Patch).WithName(nameof(UpdateVlanGroup));

    private static async Task<Results<Ok<VlanGroupView>, ProblemHttpResult>> Patch(
        Guid id,
        MergePatch<VlanGroupFields> body,
        IHandle<Command, VlanGroupView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body.Change, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, v => v.Version);

    internal sealed class Handler(Register<VlanGroup, VlanGroupFields, VlanGroupView> register) : IHandle<Command, VlanGroupView>
    {
        public Task<Result<VlanGroupView>> Handle(Command command, CancellationToken ct) =>
            register.UpdateAsync(command.Id, command.Change, command.IfMatch, ct);
    }
}
