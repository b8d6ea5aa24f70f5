using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vrfs;

/// <summary>One VRF.</summary>
/// <remarks><b>Errors:</b> <c>ipam_vrf.not_found</c> 404.</remarks>
public static class GetVrf
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Vrfs)
        {
            app.MapGet(route + "/{id:guid}", Get).WithName(Aliases.Name(nameof(GetVrf), route));
        }
    }

    private static async Task<Results<Ok<VrfView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, VrfView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, v => v.Version);

    internal sealed class Handler(Register<Vrf, VrfFields, VrfView> register) : IHandle<Command, VrfView>
    {
        public Task<Result<VrfView>> Handle(Command command, CancellationToken ct) => register.GetAsync(command.Id, ct);
    }
}
