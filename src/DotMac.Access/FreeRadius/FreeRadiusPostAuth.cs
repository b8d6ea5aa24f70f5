using System.Text.Json;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.FreeRadius;

/// <summary>Notes what FreeRADIUS answered to an Access-Request (rlm_rest, its own JSON); it is shown among the login's decisions.</summary>
/// <remarks><b>Errors:</b> <c>radius.role_missing</c> 503.</remarks>
public static class FreeRadiusPostAuth
{
    /// <param name="Request">FreeRADIUS's attributes, as rlm_rest sends them.</param>
    /// <param name="Source">Where the packet came from: <c>%{Packet-Src-IP-Address}</c>.</param>
    /// <param name="Outcome"><c>%{reply:Packet-Type}</c>; Access-Accept when it is not given.</param>
    [Requires("isp.radius.write")]
    public sealed record Command(JsonElement Request, string? Source, string? Outcome);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/post-auth", Post).WithName(nameof(FreeRadiusPostAuth));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(
        JsonElement body,
        string? source,
        string? outcome,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body, source, outcome), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, IEnumerable<RestDoor> door) : IHandle<Command, Done>
    {
        public Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (door.FirstOrDefault() is not { IsReady: true } open)
            {
                return Task.FromResult<Result<Done>>(FreeRadiusErrors.RoleMissing);
            }

            open.PostAuth(work.TenantId!.Value, command.Request, RestSource.Read(command.Source), command.Outcome);
            return Task.FromResult<Result<Done>>(Done.Instance);
        }
    }
}
