using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NasRegistry;

/// <summary>Registers a NAS; the RADIUS server knows it within a second.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>nas.source_taken</c> 409 (the source address, or the pair with nas_identifier, is
/// registered, be it by another tenant), <c>nas.shortname_taken</c> 409, <c>nas.radsec_name_taken</c> 409.
/// </remarks>
public static class CreateNas
{
    [Requires("isp.radius.write")]
    public sealed record Command(NasFields Fields);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/radius/nas", Post).WithName(nameof(CreateNas));

    private static async Task<Results<Created<NasView>, ProblemHttpResult>> Post(
        NasFields body,
        IHandle<Command, NasView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(n => $"/api/v1/radius/nas/{n.Id}");

    internal sealed class Handler(AccessDb db, UnitOfWork work, SecretBox box, TimeProvider clock) : IHandle<Command, NasView>
    {
        public async Task<Result<NasView>> Handle(Command command, CancellationToken ct)
        {
            var fields = command.Fields.Cleaned();
            if (fields.Refusal(secretNeeded: true) is { } refusal)
            {
                return refusal;
            }

            var nas = new Nas
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(),
                NasName = default,
                ShortName = "",
                Type = "",
                Vendor = default,
                Secret = box.Seal(SecretPurpose.NasSecret, fields.Secret!),
                CoaPort = 0,
                MessageAuthenticatorPolicy = default,
                Enabled = true,
                CreatedAt = clock.GetUtcNow(),
                UpdatedAt = clock.GetUtcNow(),
            };
            fields.ApplyTo(nas);
            db.Nas.Add(nas);
            var error = await db.TrySaveAsync(
                ct,
                null,
                ("nas_source_key", NasErrors.SourceTaken(nas.NasIdentifier)),
                ("nas_one_tenant_per_source", NasErrors.SourceTaken(nas.NasIdentifier)),
                ("nas_shortname_key", NasErrors.ShortNameTaken(nas.ShortName)),
                ("nas_radsec_name_key", NasErrors.RadsecNameTaken)
            );
            return error is not null ? error : (await NasView.FindAsync(work, nas.Id, ct))!;
        }
    }
}
