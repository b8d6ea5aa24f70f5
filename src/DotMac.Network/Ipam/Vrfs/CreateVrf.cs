using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vrfs;

/// <summary>Adds a VRF.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, conflicts 409 as <see cref="VrfRegister"/> names them.</remarks>
public static class CreateVrf
{
    [Requires("isp.ipam.write")]
    public sealed record Command(VrfFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Vrfs)
        {
            app.MapPost(route, Post).WithName(Aliases.Name(nameof(CreateVrf), route));
        }
    }

    private static async Task<Results<Created<VrfView>, ProblemHttpResult>> Post(
        VrfFields body,
        IHandle<Command, VrfView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/vrfs/{v.Id}");

    internal sealed class Handler(Register<Vrf, VrfFields, VrfView> register) : IHandle<Command, VrfView>
    {
        public Task<Result<VrfView>> Handle(Command command, CancellationToken ct) => register.CreateAsync(command.Fields, ct);
    }
}
