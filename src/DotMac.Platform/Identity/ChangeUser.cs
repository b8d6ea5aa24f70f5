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

/// <summary>Changes a user's name, state or roles (JSON merge: an absent field stays).</summary>
/// <remarks>
/// <para><b>Errors:</b> <c>user.not_found</c> 404, <c>user.changed</c> 412, <c>user.last_admin</c> 409, <c>user.yourself</c> 409,
/// <c>user.outranks_you</c> 403, <c>permission.not_yours</c> 403.</para>
/// <para><b>Effects:</b> disabling ends the user's sessions at once.</para>
/// </remarks>
public static class ChangeUser
{
    public sealed record Body(
        Optional<string> FullName,
        Optional<bool?> IsActive,
        Optional<IReadOnlyList<Guid>> RoleIds,
        Optional<IReadOnlyList<RoleGrant>> Roles
    );

    [Requires("users.write")]
    public sealed record Command(Guid Id, Body Body, int? IfVersion);

    internal static void Map(IEndpointRouteBuilder app) => app.MapPatch("/users/{id:guid}", Patch).WithName(nameof(ChangeUser));

    private static async Task<Results<Ok<UserResponse>, ProblemHttpResult>> Patch(
        Guid id,
        Body body,
        HttpContext context,
        IHandle<Command, UserResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body, Problems.IfMatch(context.Request)), ct)).ToHttp(context.Response, u => u.Version);

    internal sealed class Handler(PlatformDb db, Grants grants, UserSessions sessions, CurrentCaller current, TimeProvider clock)
        : IHandle<Command, UserResponse>
    {
        public async Task<Result<UserResponse>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Body;
            var user = await db.Users.Include(u => u.Roles).SingleOrDefaultAsync(u => u.Id == command.Id, ct);
            if (user is null)
            {
                return UserErrors.NotFound;
            }

            if (command.IfVersion is { } version && version != user.Version)
            {
                return UserErrors.Changed;
            }

            if (Check(body) is { } invalid)
            {
                return invalid;
            }

            if (body.IsActive.Value == false && user.Id == current.Value.Id)
            {
                return UserErrors.Yourself;
            }

            if (await grants.RefuseTouchingAsync(user, ct) is { } outranked)
            {
                return outranked;
            }

            if (Wanted(body) is { } wanted)
            {
                var field = body.Roles.IsSet ? "roles" : "role_ids";
                if (await grants.SetRolesAsync(user, field, wanted, ct) is { } refusal)
                {
                    return refusal;
                }
            }

            user.FullName = body.FullName.Or(user.FullName)!.Trim();
            user.IsActive = body.IsActive.Or(user.IsActive) ?? user.IsActive;
            user.Version++;
            if (await grants.RefuseLastAdminAsync(user, isLeaving: false, ct) is { } last)
            {
                return last;
            }

            if (!user.IsActive)
            {
                await sessions.RevokeAllAsync(user.Id, "user disabled", ct);
            }

            if (await db.TrySaveAsync(ct, UserErrors.Changed) is { } conflict)
            {
                return conflict;
            }

            return await UserResponse.OfAsync(db, user, clock.GetUtcNow(), ct);
        }

        private static Error? Check(Body body)
        {
            var faults = new Faults();
            if (body.FullName.IsSet)
            {
                faults.Text("full_name", body.FullName.Value, 1, 200);
            }

            faults.Check(!body.IsActive.IsSet || body.IsActive.Value is not null, "is_active", "required", "true or false.");
            faults.Check(!body.RoleIds.IsSet || !body.Roles.IsSet, "roles", "ambiguous", "Give role_ids or roles, not both.");
            return faults.Error;
        }

        private static IReadOnlyList<RoleGrant>? Wanted(Body body) =>
            body.Roles.IsSet ? body.Roles.Value ?? []
            : body.RoleIds.IsSet ? [.. (body.RoleIds.Value ?? []).Select(id => new RoleGrant(id))]
            : null;
    }
}
