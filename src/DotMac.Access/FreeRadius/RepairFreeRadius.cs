using System.Globalization;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.FreeRadius;

/// <summary>Compares radcheck, radreply and nas with what they stand for and mends what differs; answers what it was.</summary>
/// <remarks>The same happens every five minutes by itself. <b>Errors:</b> <c>freeradius.disabled</c> 409.</remarks>
public static class RepairFreeRadius
{
    [Requires("isp.radius.write")]
    public sealed record Command;

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/freeradius/repair", Post).WithName(nameof(RepairFreeRadius));

    private static async Task<Results<Ok<Drift>, ProblemHttpResult>> Post(IHandle<Command, Drift> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, AuditTrail audit, Projection projection) : IHandle<Command, Drift>
    {
        public async Task<Result<Drift>> Handle(Command command, CancellationToken ct)
        {
            var tenant = work.TenantId!.Value;
            if (!(await FreeRadiusView.ReadAsync(work, ct)).Enabled)
            {
                return FreeRadiusErrors.Disabled;
            }

            var drift = await projection.ReconcileAsync(tenant, ct);
            audit.Note("repair", "freeradius", tenant.ToString(), after: drift.Total.ToString(CultureInfo.InvariantCulture));
            return drift;
        }
    }
}
