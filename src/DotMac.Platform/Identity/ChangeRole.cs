using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Changes a role of the tenant's own; those who hold it may do the new things at their next request.</summary>
/// <remarks><b>Errors:</b> <c>role.not_found</c> 404, <c>role.system</c> 409, <c>role.taken</c> 409, <c>role.changed</c> 412, <c>permission.not_yours</c> 403.</remarks>
public static class ChangeRole
{
    public sealed record Body(Optional<string> Name, Optional<string> Description, Optional<IReadOnlyList<string>> Permissions);

    [Requires("roles.write")]
    public sealed record Command(Guid Id, Body Body, int? IfVersion);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPatch("/roles/{id:guid}", Patch).WithName(nameof(ChangeRole));

    private static async Task<Results<Ok<RoleResponse>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        HttpContext context,
        IHandle<Command, RoleResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body, Problems.IfMatch(context.Request)), ct)).ToHttp(context.Response, r => r.Version);

    internal sealed class Handler(PlatformDb db, Grants grants) : IHandle<Command, RoleResponse>
    {
        public async Task<Result<RoleResponse>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Body;
            var role = await db.Roles.Include(r => r.Permissions).SingleOrDefaultAsync(r => r.Id == command.Id, ct);
            if (role is null)
            {
                return RoleErrors.NotFound;
            }

            if (command.IfVersion is { } version && version != role.Version)
            {
                return RoleErrors.Changed;
            }

            if (role.RefuseChange() is { } refusal)
            {
                return refusal;
            }

            var faults = new Faults();
            if (body.Name.IsSet)
            {
                faults.Text("name", body.Name.Value, 1, 64);
            }

            faults.Text("description", body.Description.Value, 0, 500);
            IReadOnlyList<string> permissions = body.Permissions.IsSet ? body.Permissions.Value ?? [] : [.. role.PermissionNames];
            if (CreateRole.CheckPermissions(faults, permissions).Error is { } invalid)
            {
                return invalid;
            }

            if (grants.RefuseGranting(permissions.Except(role.PermissionNames, StringComparer.Ordinal)) is { } notYours)
            {
                return notYours;
            }

            role.Name = body.Name.Or(role.Name)!.Trim();
            role.Description = body.Description.Or(role.Description)?.Trim() ?? "";
            role.SetPermissions([.. permissions]);
            role.Version++;
            if (await db.TrySaveAsync(ct, RoleErrors.Changed, ("roles_name_key", RoleErrors.Taken)) is { } conflict)
            {
                return conflict;
            }

            return await RoleResponse.OfAsync(db, role, ct);
        }
    }
}
