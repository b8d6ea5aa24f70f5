using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Tenants;

/// <summary>All tenants of the platform by slug.</summary>
public static class ListTenants
{
    [Requires("platform.tenants.read"), AcrossTenants]
    public sealed record Query(int? Limit, string? Cursor, bool? Count);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/platform/tenants", Get).WithName(nameof(ListTenants));

    private static async Task<Results<Ok<Page<TenantResponse>>, ProblemHttpResult>> Get(
        IHandle<Query, Page<TenantResponse>> handler,
        CancellationToken ct,
        int? limit = null,
        string? cursor = null,
        bool? count = null
    ) => (await handler.Handle(new Query(limit, cursor, count), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db) : IHandle<Query, Page<TenantResponse>>
    {
        public async Task<Result<Page<TenantResponse>>> Handle(Query query, CancellationToken ct)
        {
            IQueryable<Tenant> tenants = db.Tenants;
            long? total = query.Count == true ? await tenants.LongCountAsync(ct) : null;
            if (query.Cursor is { Length: > 0 } cursor)
            {
                if (Cursor.Decode(cursor, 1) is not [{ } after])
                {
                    return Cursor.Malformed;
                }

                tenants = tenants.Where(t => t.Slug.CompareTo(after) > 0);
            }

            var limit = PageSize.Of(query.Limit);
            var rows = await tenants.OrderBy(t => t.Slug).Take(limit + 1).AsNoTracking().ToListAsync(ct);
            return Page<TenantResponse>.Of(rows, limit, TenantResponse.Of, t => Cursor.Encode(t.Slug), total);
        }
    }
}
