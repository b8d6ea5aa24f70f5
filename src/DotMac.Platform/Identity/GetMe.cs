using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>The signed-in person, his tenant and what he may do.</summary>
public static class GetMe
{
    [SignedIn]
    public sealed record Command;

    /// <param name="TimeZone">IANA name; the console shows every time in it.</param>
    public sealed record TenantOfUser(Guid Id, string Slug, string Name, string TimeZone, string Currency, string Locale);

    /// <param name="Roles">Names of the roles in force now.</param>
    public sealed record Response(
        Guid Id,
        string Email,
        string FullName,
        TenantOfUser Tenant,
        IReadOnlyList<string> Roles,
        IReadOnlyList<string> Permissions,
        bool TotpEnabled,
        bool IsPlatformAdmin,
        bool MustChangePassword
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/auth/me", Get).WithName(nameof(GetMe));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db, UnitOfWork work, CurrentCaller current, TimeProvider clock) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var caller = current.Value;
            if (caller.Kind != CallerKind.User)
            {
                return AuthErrors.UserRequired;
            }

            var now = clock.GetUtcNow();
            var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.Id, ct);
            var roles = await db
                .UserRoles.Where(r => r.UserId == user.Id && (r.ExpiresAt == null || r.ExpiresAt > now))
                .Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name)
                .Order()
                .ToListAsync(ct);
            var tenant = await TenantReads.SummaryAsync(work, user.TenantId, ct);
            return new Response(
                user.Id,
                user.Email,
                user.FullName,
                new TenantOfUser(tenant.Id, tenant.Slug, tenant.Name, tenant.TimeZone, tenant.Currency, tenant.Locale),
                roles,
                [.. caller.Permissions.Order(StringComparer.Ordinal)],
                user.TotpEnabled,
                user.IsPlatformAdmin,
                user.MustChangePassword
            );
        }
    }
}
