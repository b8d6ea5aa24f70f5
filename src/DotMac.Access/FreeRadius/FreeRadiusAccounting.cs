using System.Text.Json;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.FreeRadius;

/// <summary>Takes an Accounting-Request from FreeRADIUS (rlm_rest, its own JSON). 204 means that it is on disk; a repetition counts once.</summary>
/// <remarks>
/// <b>Errors</b> make FreeRADIUS stay silent, so that the NAS sends again: <c>radius.nas_unknown</c> 404, <c>radius.role_missing</c> 503,
/// <c>radius.accounting_not_kept</c> 503.
/// </remarks>
public static class FreeRadiusAccounting
{
    /// <param name="Request">FreeRADIUS's attributes, as rlm_rest sends them.</param>
    /// <param name="Source">Where the packet came from: <c>%{Packet-Src-IP-Address}</c>.</param>
    [Requires("isp.radius.write")]
    public sealed record Command(JsonElement Request, string? Source);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/accounting", Post).WithName(nameof(FreeRadiusAccounting));

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(
        JsonElement body,
        string? source,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body, source), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, IEnumerable<RestDoor> door) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct) =>
            door.FirstOrDefault() is not { IsReady: true } open
                ? FreeRadiusErrors.RoleMissing
                : await open.AccountAsync(work.TenantId!.Value, command.Request, RestSource.Read(command.Source), ct) switch
                {
                    true => Done.Instance,
                    false => FreeRadiusErrors.NotKept,
                    null => FreeRadiusErrors.NasUnknown,
                };
    }
}
