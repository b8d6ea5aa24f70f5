using System.Text.Json.Nodes;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Sites;

/// <summary>Changes the given fields of a site: absent keeps, null clears (RFC 7396).</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>site.not_found</c> 404, conflicts 409, <c>site.changed</c> 412 (If-Match does not
/// fit, or a race was lost).
/// </remarks>
public static class UpdateSite
{
    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, JsonObject Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Sites)
        {
            app.MapPatch(route + "/{id:guid}", Patch).WithName(Aliases.Name(nameof(UpdateSite), route));
        }
    }

    private static async Task<Results<Ok<SiteView>, ProblemHttpResult>> Patch(
        Guid id,
        MergePatch<SiteFields> body,
        IHandle<Command, SiteView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body.Change, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, v => v.Version);

    internal sealed class Handler(Register<Site, SiteFields, SiteView> register) : IHandle<Command, SiteView>
    {
        public Task<Result<SiteView>> Handle(Command command, CancellationToken ct) =>
            register.UpdateAsync(command.Id, command.Change, command.IfMatch, ct);
    }
}
