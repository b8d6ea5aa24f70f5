using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.FreeRadius;

/// <summary>Tells FreeRADIUS which NAS is at an address and its secret (dynamic clients, rlm_rest): the register of NAS in force at once.</summary>
/// <remarks>
/// The answer holds the shared secret: loopback or HTTPS only. <b>Errors</b> make FreeRADIUS drop the packet: <c>radius.nas_unknown</c> 404,
/// <c>radius.service_key_required</c> 403 (somebody signed in, instead of an API key), <c>radius.role_missing</c> 503.
/// </remarks>
public static class FreeRadiusClient
{
    /// <param name="Source">Where the packet came from: <c>%{Packet-Src-IP-Address}</c>.</param>
    [Requires("isp.radius.write")]
    public sealed record Command(string? Source);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/freeradius/client", Post).WithName(nameof(FreeRadiusClient));

    private static async Task<Results<Ok<Dictionary<string, RestValue>>, ProblemHttpResult>> Post(
        string? source,
        IHandle<Command, Dictionary<string, RestValue>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(source), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, CurrentCaller caller, IEnumerable<RestDoor> door)
        : IHandle<Command, Dictionary<string, RestValue>>
    {
        public Task<Result<Dictionary<string, RestValue>>> Handle(Command command, CancellationToken ct)
        {
            if (caller.Value.Kind == CallerKind.User)
            {
                return Task.FromResult<Result<Dictionary<string, RestValue>>>(FreeRadiusErrors.ServiceKeyRequired);
            }

            if (door.FirstOrDefault() is not { IsReady: true } open)
            {
                return Task.FromResult<Result<Dictionary<string, RestValue>>>(FreeRadiusErrors.RoleMissing);
            }

            return Task.FromResult<Result<Dictionary<string, RestValue>>>(
                RestSource.Read(command.Source) is { } source && open.NasAt(work.TenantId!.Value, source) is { } nas
                    ? RestReply.Client(nas, source)
                    : FreeRadiusErrors.NasUnknown
            );
        }
    }
}
