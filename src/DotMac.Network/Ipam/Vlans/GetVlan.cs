using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>One VLAN.</summary>
/// <remarks><b>Errors:</b> <c>ipam_vlan.not_found</c> 404.</remarks>
public static class GetVlan
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Vlans)
        {
            app.MapGet(route + "/{id:guid}", Get).WithName(Aliases.Name(nameof(GetVlan), route));
        }
    }

    private static async Task<Results<Ok<VlanView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, VlanView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, v => v.Version);

    internal sealed class Handler(Register<Vlan, VlanFields, VlanView> register) : IHandle<Command, VlanView>
    {
        public Task<Result<VlanView>> Handle(Command command, CancellationToken ct) => register.GetAsync(command.Id, ct);
    }
}
