using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>One prefix.</summary>
/// <remarks><b>Errors:</b> <c>ipam_prefix.not_found</c> 404.</remarks>
public static class GetPrefix
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Prefixes)
        {
            app.MapGet(route + "/{id:guid}", Get).WithName(Aliases.Name(nameof(GetPrefix), route));
        }
    }

    private static async Task<Results<Ok<PrefixView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, PrefixView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, v => v.Version);

    internal sealed class Handler(Register<Prefix, PrefixFields, PrefixView> register) : IHandle<Command, PrefixView>
    {
        public Task<Result<PrefixView>> Handle(Command command, CancellationToken ct) => register.GetAsync(command.Id, ct);
    }
}
