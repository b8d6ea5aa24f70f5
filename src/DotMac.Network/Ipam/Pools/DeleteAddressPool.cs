using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Pools;

/// <summary>Removes an address pool that nothing depends on.</summary>
/// <remarks><b>Errors:</b> <c>ipam_pool.not_found</c> 404, in use 409, <c>ipam_pool.changed</c> 412.</remarks>
public static class DeleteAddressPool
{
    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.AddressPools)
        {
            app.MapDelete(route + "/{id:guid}", Delete).WithName(Aliases.Name(nameof(DeleteAddressPool), route));
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(Register<AddressPool, PoolFields, PoolView> register) : IHandle<Command, Done>
    {
        public Task<Result<Done>> Handle(Command command, CancellationToken ct) => register.DeleteAsync(command.Id, command.IfMatch, ct);
    }
}
