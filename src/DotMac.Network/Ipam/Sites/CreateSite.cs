using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Sites;

/// <summary>Adds a site.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, conflicts 409 as <see cref="SiteRegister"/> names them.</remarks>
public static class CreateSite
{
    [Requires("isp.ipam.write")]
    public sealed record Command(SiteFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Sites)
        {
            app.MapPost(route, Post).WithName(Aliases.Name(nameof(CreateSite), route));
        }
    }

    private static async Task<Results<Created<SiteView>, ProblemHttpResult>> Post(
        SiteFields body,
        IHandle<Command, SiteView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/sites/{v.Id}");

    internal sealed class Handler(Register<Site, SiteFields, SiteView> register) : IHandle<Command, SiteView>
    {
        public Task<Result<SiteView>> Handle(Command command, CancellationToken ct) => register.CreateAsync(command.Fields, ct);
    }
}
