using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Where one is signed in now, newest first (at most 500).</summary>
public static class ListOwnSessions
{
    [SignedIn]
    public sealed record Query;

    /// <param name="Current">The one that this request came with.</param>
    public sealed record Item(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Ip, string? UserAgent, bool Current);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/auth/sessions", Get).WithName(nameof(ListOwnSessions));

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(IHandle<Query, Page<Item>> handler, CancellationToken ct) =>
        (await handler.Handle(new Query(), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db, CurrentCaller current, TimeProvider clock) : IHandle<Query, Page<Item>>
    {
        public async Task<Result<Page<Item>>> Handle(Query query, CancellationToken ct)
        {
            if (current.Value is not { Kind: CallerKind.User, Id: { } userId })
            {
                return AuthErrors.UserRequired;
            }

            var now = clock.GetUtcNow();
            var idle = now - UserSession.IdleLimit;
            var sessions = await db
                .Sessions.Where(s => s.UserId == userId && s.RevokedAt == null && s.ExpiresAt > now)
                .Where(s => s.TokenHash == null || s.LastSeenAt > idle)
                .OrderByDescending(s => s.CreatedAt)
                .Take(PageSize.Most)
                .AsNoTracking()
                .ToListAsync(ct);
            return new Page<Item>([
                .. sessions.Select(s => new Item(s.Id, s.CreatedAt, s.LastSeenAt, s.Ip, s.UserAgent, s.Id == current.Value.SessionId)),
            ]);
        }
    }
}
