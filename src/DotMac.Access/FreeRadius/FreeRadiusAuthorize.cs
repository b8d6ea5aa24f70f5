using System.Net;
using System.Text.Json;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.FreeRadius;

/// <summary>Answers FreeRADIUS's authorize (rlm_rest, its own JSON): the password to compare and the reply, or a refusal with its message.</summary>
/// <remarks>
/// A refusal is 200 with <c>control:Auth-Type := Reject</c>. The answer holds the clear password: loopback or HTTPS only. <b>Errors</b> make
/// FreeRADIUS fail the request: <c>radius.service_key_required</c> 403 (somebody signed in, instead of an API key), <c>radius.role_missing</c> 503.
/// </remarks>
public static class FreeRadiusAuthorize
{
    /// <param name="Request">FreeRADIUS's attributes, as rlm_rest sends them.</param>
    /// <param name="Source">Where the packet came from: <c>%{Packet-Src-IP-Address}</c>.</param>
    [Requires("isp.radius.write")]
    public sealed record Command(JsonElement Request, string? Source);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/authorize", Post).WithName(nameof(FreeRadiusAuthorize));

    private static async Task<Results<Ok<Dictionary<string, RestValue>>, ProblemHttpResult>> Post(
        JsonElement body,
        string? source,
        IHandle<Command, Dictionary<string, RestValue>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body, source), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, IEnumerable<RestDoor> door)
        : IHandle<Command, Dictionary<string, RestValue>>
    {
        public Task<Result<Dictionary<string, RestValue>>> Handle(Command command, CancellationToken ct) =>
            Task.FromResult<Result<Dictionary<string, RestValue>>>(
                caller.Value.Kind == CallerKind.User ? FreeRadiusErrors.ServiceKeyRequired
                : door.FirstOrDefault() is { IsReady: true } open
                    ? open.Authorize(work.TenantId!.Value, command.Request, RestSource.Read(command.Source))
                : FreeRadiusErrors.RoleMissing
            );
    }
}

/// <summary>Reads the source address that a request names; what is none counts as not given.</summary>
internal static class RestSource
{
    public static IPAddress? Read(string? text) => IPAddress.TryParse(text, out var address) ? address : null;
}
