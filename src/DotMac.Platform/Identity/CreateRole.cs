using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>Makes a role of the tenant's own.</summary>
/// <remarks><b>Errors:</b> <c>role.taken</c> 409, <c>permission.not_yours</c> 403.</remarks>
public static class CreateRole
{
    [Requires("roles.write")]
    public sealed record Command(string? Name, string? Description, IReadOnlyList<string>? Permissions);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/roles", Post).WithName(nameof(CreateRole));

    private static async Task<Results<Created<RoleResponse>, ProblemHttpResult>> Post(
        Command body,
        IHandle<Command, RoleResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(body, ct)).ToCreated(r => $"/api/v1/roles/{r.Id}");

    internal sealed class Handler(PlatformDb db, UnitOfWork work, Grants grants, TimeProvider clock) : IHandle<Command, RoleResponse>
    {
        public async Task<Result<RoleResponse>> Handle(Command command, CancellationToken ct)
        {
            var permissions = command.Permissions ?? [];
            var faults = new Faults().Text("name", command.Name, 1, 64).Text("description", command.Description, 0, 500);
            if (CheckPermissions(faults, permissions).Error is { } invalid)
            {
                return invalid;
            }

            if (grants.RefuseGranting(permissions) is { } refusal)
            {
                return refusal;
            }

            var role = new Role
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                Name = command.Name!.Trim(),
                Description = command.Description?.Trim() ?? "",
                CreatedAt = clock.GetUtcNow(),
            };
            role.SetPermissions([.. permissions]);
            db.Roles.Add(role);
            if (await db.TrySaveAsync(ct, conflicts: ("roles_name_key", RoleErrors.Taken)) is { } conflict)
            {
                return conflict;
            }

            return await RoleResponse.OfAsync(db, role, ct);
        }
    }

    /// <summary>Only names that the catalogue gives to tenants.</summary>
    internal static Faults CheckPermissions(Faults faults, IReadOnlyList<string> permissions)
    {
        foreach (var name in permissions.Where(p => !Permissions.OfTenants.Contains(p ?? "")))
        {
            faults.Add("permissions", "unknown", $"There is no permission {name}; see GET /api/v1/permissions.");
        }

        return faults.Check(
            permissions.Count == permissions.Distinct(StringComparer.Ordinal).Count(),
            "permissions",
            "duplicate",
            "Each permission once."
        );
    }
}
