using System.Net.Mail;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>Makes a user of this tenant. Without a password a random one is made, shown once, and must be changed at the first sign-in.</summary>
/// <remarks>
/// <para><b>Errors:</b> <c>user.taken</c> 409 (also when the address belongs to another tenant: it is unique on the platform),
/// <c>permission.not_yours</c> 403.</para>
/// </remarks>
public static class CreateUser
{
    /// <param name="RoleIds">Roles without an end; or give <paramref name="Roles"/>.</param>
    /// <param name="Roles">Roles that may end at a time.</param>
    public sealed record Body(
        string? Email,
        string? FullName,
        string? Password,
        IReadOnlyList<Guid>? RoleIds,
        IReadOnlyList<RoleGrant>? Roles
    );

    [Requires("users.write")]
    public sealed record Command(string? Email, string? FullName, string? Password, IReadOnlyList<RoleGrant> Roles);

    /// <param name="InitialPassword">Shown this once; null when the caller chose it.</param>
    public sealed record Response(
        Guid Id,
        string Email,
        string FullName,
        bool IsActive,
        bool IsLocked,
        bool TotpEnabled,
        bool MustChangePassword,
        IReadOnlyList<HeldRole> Roles,
        DateTimeOffset? LastLoginAt,
        DateTimeOffset CreatedAt,
        int Version,
        string? InitialPassword
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/users", Post).WithName(nameof(CreateUser));

    private static async Task<Results<Created<Response>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    )
    {
        var roles = body.Roles ?? [.. (body.RoleIds ?? []).Select(id => new RoleGrant(id))];
        var result = await handler.Handle(new Command(body.Email, body.FullName, body.Password, roles), ct);
        return result.ToCreated(u => $"/api/v1/users/{u.Id}");
    }

    internal sealed class Handler(PlatformDb db, UnitOfWork work, Grants grants, Passwords passwords, TimeProvider clock)
        : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var email = command.Email?.Trim().ToLowerInvariant() ?? "";
            var faults = CheckPerson(email, command.FullName);
            if (command.Password is not null)
            {
                Passwords.Check(faults, "password", command.Password, email);
            }

            if (faults.Error is { } invalid)
            {
                return invalid;
            }

            var initial = command.Password is null ? Passwords.Random() : null;
            var now = clock.GetUtcNow();
            var user = new User
            {
                TenantId = work.TenantId!.Value,
                Id = Guid.CreateVersion7(now),
                Email = email,
                FullName = command.FullName!.Trim(),
                PasswordHash = passwords.Hash(command.Password ?? initial!),
                MustChangePassword = initial is not null,
                CreatedAt = now,
            };
            if (await grants.SetRolesAsync(user, "role_ids", command.Roles, ct) is { } refusal)
            {
                return refusal;
            }

            db.Users.Add(user);
            if (await db.TrySaveAsync(ct, conflicts: ("users_email_key", UserErrors.Taken)) is { } conflict)
            {
                return conflict;
            }

            var u = await UserResponse.OfAsync(db, user, now, ct);
            return new Response(
                u.Id,
                u.Email,
                u.FullName,
                u.IsActive,
                u.IsLocked,
                u.TotpEnabled,
                u.MustChangePassword,
                u.Roles,
                u.LastLoginAt,
                u.CreatedAt,
                u.Version,
                initial
            );
        }
    }

    internal static bool IsAddress(string email) =>
        MailAddress.TryCreate(email, out var parsed) && parsed.Address == email && email.All(char.IsAscii);

    /// <summary>The faults of an address and a name.</summary>
    internal static Faults CheckPerson(string email, string? fullName)
    {
        return new Faults()
            .Text("email", email, 3, 254)
            .Check(email.Length == 0 || IsAddress(email), "email", "bad_format", "Not an e-mail address.")
            .Text("full_name", fullName, 1, 200);
    }
}
