using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.FreeRadius;

/// <summary>Compares radcheck, radreply and nas with what they stand for, row by row, and tells what differs. Changes nothing, shows no value.</summary>
/// <remarks><b>Errors:</b> <c>freeradius.disabled</c> 409.</remarks>
public static class GetFreeRadiusDrift
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/freeradius/drift", Get).WithName(nameof(GetFreeRadiusDrift));

    private static async Task<Results<Ok<Drift>, ProblemHttpResult>> Get(IHandle<Command, Drift> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, Projection projection) : IHandle<Command, Drift>
    {
        public async Task<Result<Drift>> Handle(Command command, CancellationToken ct) =>
            (await FreeRadiusView.ReadAsync(work, ct)).Enabled
                ? await projection.DriftAsync(work.TenantId!.Value, ct)
                : FreeRadiusErrors.Disabled;
    }
}
