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

/// <summary>Deletes a role that nobody holds.</summary>
/// <remarks><b>Errors:</b> <c>role.not_found</c> 404, <c>role.system</c> 409, <c>role.in_use</c> 409, <c>role.changed</c> 412.</remarks>
public static class DeleteRole
{
    [Requires("roles.write")]
    public sealed record Command(Guid Id, int? IfVersion);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDelete("/roles/{id:guid}", Delete).WithName(nameof(DeleteRole));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        HttpRequest request,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(PlatformDb db) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
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

            db.Roles.Remove(role);
            var conflict = await db.TrySaveAsync(ct, RoleErrors.Changed, ("user_roles_role_fkey", RoleErrors.InUse));
            return conflict is null ? Done.Instance : conflict;
        }
    }
}
