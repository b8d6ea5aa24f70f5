using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NasRegistry;

/// <summary>Changes the given fields of a NAS; the RADIUS server follows within a second.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>nas.not_found</c> 404, <c>nas.source_taken</c> 409, <c>nas.shortname_taken</c> 409, <c>nas.radsec_name_taken</c> 409,
/// <c>nas.changed</c> 412.
/// </remarks>
public static class UpdateNas
{
    /// <summary>Absent keeps, null clears (or sets back to the default). A null secret is refused.</summary>
    public sealed record Body(
        Optional<string> Nasname,
        Optional<string> Shortname,
        Optional<string> Type,
        Optional<string> Vendor,
        Optional<string> Secret,
        Optional<int?> CoaPort,
        Optional<string> NasIdentifier,
        Optional<string> MessageAuthenticatorPolicy,
        Optional<string> Description,
        Optional<bool?> Enabled,
        Optional<string> RadsecName,
        Optional<string> NasGroup
    );

    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, Body Change, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPatch("/radius/nas/{id:guid}", Patch).WithName(nameof(UpdateNas));

    private static async Task<Results<Ok<NasView>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        IHandle<Command, NasView> handler,
        HttpContext http,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body, Problems.IfMatch(http.Request)), ct)).ToHttp(http.Response, n => n.Version);

    internal sealed class Handler(AccessDb db, UnitOfWork work, SecretBox box, TimeProvider clock) : IHandle<Command, NasView>
    {
        public async Task<Result<NasView>> Handle(Command command, CancellationToken ct)
        {
            var nas = await db.Nas.SingleOrDefaultAsync(n => n.Id == command.Id, ct);
            if (nas is null)
            {
                return NasErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != nas.Version)
            {
                return NasErrors.Changed;
            }

            var fields = Merge(nas, command.Change).Cleaned();
            if (fields.Refusal(secretNeeded: command.Change.Secret.IsSet) is { } refusal)
            {
                return refusal;
            }

            fields.ApplyTo(nas);
            if (fields.Secret is not null && fields.Secret != box.Open(SecretPurpose.NasSecret, nas.Secret))
            {
                nas.Secret = box.Seal(SecretPurpose.NasSecret, fields.Secret);
            }

            if (db.ChangeTracker.HasChanges())
            {
                nas.UpdatedAt = clock.GetUtcNow();
                nas.Version++;
                var error = await db.TrySaveAsync(
                    ct,
                    NasErrors.Changed,
                    ("nas_source_key", NasErrors.SourceTaken(nas.NasIdentifier)),
                    ("nas_one_tenant_per_source", NasErrors.SourceTaken(nas.NasIdentifier)),
                    ("nas_shortname_key", NasErrors.ShortNameTaken(nas.ShortName)),
                    ("nas_radsec_name_key", NasErrors.RadsecNameTaken)
                );
                if (error is not null)
                {
                    return error;
                }
            }

            return (await NasView.FindAsync(work, nas.Id, ct))!;
        }

        private static NasFields Merge(Nas now, Body change) =>
            new(
                change.Nasname.Or(SourceAddress.Show(now.NasName)),
                change.Shortname.Or(now.ShortName),
                change.Type.Or(now.Type),
                change.Vendor.Or(NasFields.Word(now.Vendor)),
                change.Secret.Or(null),
                change.CoaPort.Or(now.CoaPort),
                change.NasIdentifier.Or(now.NasIdentifier),
                change.MessageAuthenticatorPolicy.Or(NasFields.Word(now.MessageAuthenticatorPolicy)),
                change.Description.Or(now.Description),
                change.Enabled.Or(now.Enabled),
                change.RadsecName.Or(now.RadsecName),
                change.NasGroup.Or(now.NasGroup)
            );
    }
}
