using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>Adds a VLAN.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, conflicts 409 as <see cref="VlanRegister"/> names them.</remarks>
public static class CreateVlan
{
    [Requires("isp.ipam.write")]
    public sealed record Command(VlanFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Vlans)
        {
            app.MapPost(route, Post).WithName(Aliases.Name(nameof(CreateVlan), route));
        }
    }

    private static async Task<Results<Created<VlanView>, ProblemHttpResult>> Post(
        VlanFields body,
        IHandle<Command, VlanView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/vlans/{v.Id}");

    internal sealed class Handler(Register<Vlan, VlanFields, VlanView> register) : IHandle<Command, VlanView>
    {
        public Task<Result<VlanView>> Handle(Command command, CancellationToken ct) => register.CreateAsync(command.Fields, ct);
    }
}
