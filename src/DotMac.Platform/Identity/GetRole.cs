using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>One role. <b>Errors:</b> <c>role.not_found</c> 404.</summary>
public static class GetRole
{
    [Requires("roles.read")]
    public sealed record Query(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/roles/{id:guid}", Get).WithName(nameof(GetRole));

    private static async Task<Results<Ok<RoleResponse>, ProblemHttpResult>> Get(
        Guid id,
        HttpResponse response,
        IHandle<Query, RoleResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Query(id), ct)).ToHttp(response, r => r.Version);

    internal sealed class Handler(PlatformDb db) : IHandle<Query, RoleResponse>
    {
        public async Task<Result<RoleResponse>> Handle(Query query, CancellationToken ct)
        {
            var role = await db.Roles.Include(r => r.Permissions).AsNoTracking().SingleOrDefaultAsync(r => r.Id == query.Id, ct);
            return role is null ? RoleErrors.NotFound : await RoleResponse.OfAsync(db, role, ct);
        }
    }
}
