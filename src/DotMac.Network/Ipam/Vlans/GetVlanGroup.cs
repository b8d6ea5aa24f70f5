using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>One VLAN group.</summary>
/// <remarks><b>Errors:</b> <c>ipam_vlan_group.not_found</c> 404.</remarks>
public static class GetVlanGroup
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/ipam/vlan-groups/{id:guid}", Get).WithName(nameof(GetVlanGroup));

    private static async Task<Results<Ok<VlanGroupView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, VlanGroupView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, v => v.Version);

    internal sealed class Handler(Register<VlanGroup, VlanGroupFields, VlanGroupView> register) : IHandle<Command, VlanGroupView>
    {
        public Task<Result<VlanGroupView>> Handle(Command command, CancellationToken ct) => register.GetAsync(command.Id, ct);
    }
}
