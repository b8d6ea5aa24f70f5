using System.Globalization;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>The tenant's users. <c>sort</c>: <c>email</c> (default) or <c>-created_at</c>; <c>q</c> looks in address and name.</summary>
public static class ListUsers
{
    [Requires("users.read")]
    public sealed record Query(string? Q, bool? IsActive, Guid? RoleId, string? Sort, int? Limit, string? Cursor, bool? Count);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/users", Get).WithName(nameof(ListUsers));

    private static async Task<Results<Ok<Page<UserResponse>>, ProblemHttpResult>> Get(
        IHandle<Query, Page<UserResponse>> handler,
        CancellationToken ct,
        string? q = null,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "is_active")] bool? isActive = null,
        [Microsoft.AspNetCore.Mvc.FromQuery(Name = "role_id")] Guid? roleId = null,
        string? sort = null,
        int? limit = null,
        string? cursor = null,
        bool? count = null
    ) => (await handler.Handle(new Query(q, isActive, roleId, sort, limit, cursor, count), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db, TimeProvider clock) : IHandle<Query, Page<UserResponse>>
    {
        public async Task<Result<Page<UserResponse>>> Handle(Query query, CancellationToken ct)
        {
            var newestFirst = query.Sort == "-created_at";
            if (query.Sort is not (null or "email" or "-created_at"))
            {
                return new Faults().Add("sort", "unknown", "email or -created_at.").Error!;
            }

            var users = Filter(query);
            long? total = query.Count == true ? await users.LongCountAsync(ct) : null;
            if (query.Cursor is { Length: > 0 } cursor)
            {
                if (Cursor.Decode(cursor, 2) is not [{ } key, { } last] || !Guid.TryParse(last, out var id))
                {
                    return Cursor.Malformed;
                }

                if (!newestFirst)
                {
                    users = users.Where(u => u.Email.CompareTo(key) > 0);
                }
                else if (DateTimeOffset.TryParse(key, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                {
                    at = at.ToUniversalTime();
                    users = users.Where(u => u.CreatedAt < at || (u.CreatedAt == at && u.Id < id));
                }
                else
                {
                    return Cursor.Malformed;
                }
            }

            users = newestFirst ? users.OrderByDescending(u => u.CreatedAt).ThenByDescending(u => u.Id) : users.OrderBy(u => u.Email);
            var limit = PageSize.Of(query.Limit);
            var rows = await users.Take(limit + 1).Include(u => u.Roles).AsNoTracking().ToListAsync(ct);
            var shown = await UserResponse.OfAsync(db, rows, clock.GetUtcNow(), ct);
            return Page<UserResponse>.Of(
                shown,
                limit,
                u => u,
                u => Cursor.Encode(newestFirst ? u.CreatedAt.ToString("O", CultureInfo.InvariantCulture) : u.Email, u.Id.ToString()),
                total
            );
        }

        private IQueryable<User> Filter(Query query)
        {
            IQueryable<User> users = db.Users;
            if (!string.IsNullOrWhiteSpace(query.Q))
            {
                var pattern =
                    "%"
                    + query
                        .Q.Trim()
                        .Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("%", "\\%", StringComparison.Ordinal)
                        .Replace("_", "\\_", StringComparison.Ordinal)
                    + "%";
                users = users.Where(u => EF.Functions.ILike(u.Email, pattern, "\\") || EF.Functions.ILike(u.FullName, pattern, "\\"));
            }

            if (query.IsActive is { } isActive)
            {
                users = users.Where(u => u.IsActive == isActive);
            }

            return query.RoleId is { } role ? users.Where(u => u.Roles.Any(r => r.RoleId == role)) : users;
        }
    }
}
