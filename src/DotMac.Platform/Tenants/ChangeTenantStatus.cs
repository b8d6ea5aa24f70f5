using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Tenants;

/// <summary>Changes a tenant's name or status, for the platform's administrator.</summary>
/// <remarks>
/// <para><b>Errors:</b> <c>tenant.not_found</c> 404, <c>tenant.changed</c> 412, <c>tenant.yours</c> 409.</para>
/// <para><b>Effects:</b> a suspended or cancelled tenant's users and keys are refused from their next request on; its subscribers stay online.</para>
/// </remarks>
public static class ChangeTenantStatus
{
    public sealed record Body(Optional<string> Name, Optional<string> Status);

    [Requires("platform.tenants.write"), AcrossTenants]
    public sealed record Command(Guid Id, Body Body, int? IfVersion);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPatch("/platform/tenants/{id:guid}", Patch).WithName(nameof(ChangeTenantStatus));

    private static async Task<Results<Ok<TenantResponse>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        HttpContext context,
        IHandle<Command, TenantResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body, Problems.IfMatch(context.Request)), ct)).ToHttp(context.Response, t => t.Version);

    internal sealed class Handler(PlatformDb db, UnitOfWork work, CurrentCaller current) : IHandle<Command, TenantResponse>
    {
        public async Task<Result<TenantResponse>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Body;
            var tenant = await db.Tenants.SingleOrDefaultAsync(t => t.TenantId == command.Id, ct);
            if (tenant is null)
            {
                return TenantErrors.NotFound;
            }

            if (command.IfVersion is { } version && version != tenant.Version)
            {
                return TenantErrors.Changed;
            }

            var status = tenant.Status;
            var faults = new Faults().Name(body.Name.Or(tenant.Name));
            if (body.Status.IsSet && !TenantResponse.TryRead(body.Status.Value, out status))
            {
                faults.Add("status", "unknown", "trial, active, suspended or cancelled.");
            }

            if (faults.Error is { } invalid)
            {
                return invalid;
            }

            if (status > TenantStatus.Active && tenant.TenantId == current.Value.TenantId)
            {
                return TenantErrors.Yours;
            }

            await work.PinAsync(tenant.TenantId, ct);
            tenant.Name = body.Name.Or(tenant.Name)!.Trim();
            tenant.Status = status;
            tenant.Version++;
            return await db.TrySaveAsync(ct, TenantErrors.Changed) is { } conflict ? conflict : TenantResponse.Of(tenant);
        }
    }
}
