using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>The tenant's API keys by name, without the keys.</summary>
public static class ListApiKeys
{
    [Requires("api_keys.read")]
    public sealed record Query(int? Limit, string? Cursor, bool? Count);

    public sealed record Item(
        Guid Id,
        string Name,
        string Prefix,
        IReadOnlyList<string> Permissions,
        string CreatedBy,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? LastUsedAt,
        DateTimeOffset CreatedAt
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/api-keys", Get).WithName(nameof(ListApiKeys));

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(
        IHandle<Query, Page<Item>> handler,
        CancellationToken ct,
        int? limit = null,
        string? cursor = null,
        bool? count = null
    ) => (await handler.Handle(new Query(limit, cursor, count), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db) : IHandle<Query, Page<Item>>
    {
        public async Task<Result<Page<Item>>> Handle(Query query, CancellationToken ct)
        {
            IQueryable<ApiKey> keys = db.ApiKeys;
            long? total = query.Count == true ? await keys.LongCountAsync(ct) : null;
            if (query.Cursor is { Length: > 0 } cursor)
            {
                if (Cursor.Decode(cursor, 1) is not [{ } after])
                {
                    return Cursor.Malformed;
                }

                keys = keys.Where(k => k.Name.CompareTo(after) > 0);
            }

            var limit = PageSize.Of(query.Limit);
            var rows = await keys.OrderBy(k => k.Name).Take(limit + 1).AsNoTracking().ToListAsync(ct);
            return Page<Item>.Of(rows, limit, Show, k => Cursor.Encode(k.Name), total);
        }

        private static Item Show(ApiKey k) =>
            new(k.Id, k.Name, k.Prefix, k.Permissions, k.CreatedBy, k.ExpiresAt, k.LastUsedAt, k.CreatedAt);
    }
}
