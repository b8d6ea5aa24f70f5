using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>One user. <b>Errors:</b> <c>user.not_found</c> 404.</summary>
public static class GetUser
{
    [Requires("users.read")]
    public sealed record Query(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/users/{id:guid}", Get).WithName(nameof(GetUser));

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> Get(
        Guid id,
        HttpResponse response,
        IHandle<Query, UserResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Query(id), ct)).ToHttp(response, u => u.Version);

    internal sealed class Handler(PlatformDb db, TimeProvider clock) : IHandle<Query, UserResponse>
    {
        public async Task<Result<UserResponse>> Handle(Query query, CancellationToken ct)
        {
            var user = await db.Users.Include(u => u.Roles).AsNoTracking().SingleOrDefaultAsync(u => u.Id == query.Id, ct);
            return user is null ? UserErrors.NotFound : await UserResponse.OfAsync(db, user, clock.GetUtcNow(), ct);
        }
    }
}
