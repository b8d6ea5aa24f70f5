using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>The tenant's roles by name, those of the platform among them.</summary>
public static class ListRoles
{
    [Requires("roles.read")]
    public sealed record Query(int? Limit, string? Cursor, bool? Count);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/roles", Get).WithName(nameof(ListRoles));

    private static async Task<Results<Ok<Page<RoleResponse>>, ProblemHttpResult>> Get(
        IHandle<Query, Page<RoleResponse>> handler,
        CancellationToken ct,
        int? limit = null,
        string? cursor = null,
        bool? count = null
    ) => (await handler.Handle(new Query(limit, cursor, count), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db) : IHandle<Query, Page<RoleResponse>>
    {
        public async Task<Result<Page<RoleResponse>>> Handle(Query query, CancellationToken ct)
        {
            IQueryable<Role> roles = db.Roles;
            long? total = query.Count == true ? await roles.LongCountAsync(ct) : null;
            if (query.Cursor is { Length: > 0 } cursor)
            {
                if (Cursor.Decode(cursor, 1) is not [{ } after])
                {
                    return Cursor.Malformed;
                }

                roles = roles.Where(r => r.Name.CompareTo(after) > 0);
            }

            var limit = PageSize.Of(query.Limit);
            var rows = await roles.OrderBy(r => r.Name).Take(limit + 1).Include(r => r.Permissions).AsNoTracking().ToListAsync(ct);
            return Page<RoleResponse>.Of(await RoleResponse.OfAsync(db, rows, ct), limit, r => r, r => Cursor.Encode(r.Name), total);
        }
    }
}
