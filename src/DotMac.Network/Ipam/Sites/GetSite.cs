using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Sites;

/// <summary>One site.</summary>
/// <remarks><b>Errors:</b> <c>site.not_found</c> 404.</remarks>
public static class GetSite
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Sites)
        {
            app.MapGet(route + "/{id:guid}", Get).WithName(Aliases.Name(nameof(GetSite), route));
        }
    }

    private static async Task<Results<Ok<SiteView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, SiteView> handler,
        HttpResponse response,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp(response, v => v.Version);

    internal sealed class Handler(Register<Site, SiteFields, SiteView> register) : IHandle<Command, SiteView>
    {
        public Task<Result<SiteView>> Handle(Command command, CancellationToken ct) => register.GetAsync(command.Id, ct);
    }
}
