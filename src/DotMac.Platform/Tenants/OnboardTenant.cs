using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Platform.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Tenants;

/// <summary>A new ISP on the platform, in one call: the tenant, its roles and its first administrator.</summary>
/// <remarks>
/// <para><b>Errors:</b> <c>tenant.taken</c> 409, <c>user.taken</c> 409.</para>
/// <para><b>Effects:</b> without <c>admin_password</c> a random one is answered, once; it must be changed at the first sign-in. The
/// new tenant's audit trail begins with this act.</para>
/// </remarks>
public static class OnboardTenant
{
    [Requires("platform.tenants.write"), AcrossTenants]
    public sealed record Command(
        string? Slug,
        string? Name,
        string? AdminEmail,
        string? AdminPassword,
        string? TimeZone,
        string? Currency,
        string? Locale
    );

    public sealed record Response(
        Guid Id,
        string Slug,
        string Name,
        string Status,
        string TimeZone,
        string Currency,
        string Locale,
        DateTimeOffset CreatedAt,
        int Version,
        string AdminEmail,
        string? AdminInitialPassword
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/platform/tenants", Post).WithName(nameof(OnboardTenant));

    private static async Task<Results<Created<Response>, ProblemHttpResult>> Post(
        Command body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(body, ct)).ToCreated(t => $"/api/v1/platform/tenants/{t.Id}");

    internal sealed class Handler(TenantFoundation foundation, TimeProvider clock) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var email = command.AdminEmail?.Trim().ToLowerInvariant() ?? "";
            if (Check(command, email) is { } invalid)
            {
                return invalid;
            }

            var now = clock.GetUtcNow();
            var tenant = new Tenant
            {
                TenantId = Guid.CreateVersion7(now),
                Slug = command.Slug!,
                Name = command.Name!.Trim(),
                TimeZone = command.TimeZone ?? "UTC",
                Currency = command.Currency ?? "USD",
                Locale = command.Locale ?? "en",
                CreatedAt = now,
            };
            var founded = await foundation.FoundAsync(tenant, email, "Administrator", command.AdminPassword, ct);
            if (founded.Error is { } refusal)
            {
                return refusal;
            }

            var t = TenantResponse.Of(tenant);
            return new Response(
                t.Id,
                t.Slug,
                t.Name,
                t.Status,
                t.TimeZone,
                t.Currency,
                t.Locale,
                t.CreatedAt,
                t.Version,
                email,
                founded.Value.InitialPassword
            );
        }

        private static Error? Check(Command command, string email)
        {
            var faults = new Faults()
                .Text("slug", command.Slug, 1, 63)
                .Matches(
                    "slug",
                    command.Slug,
                    TenantChecks.Slug(),
                    "Lower-case letters, digits and hyphens; begins with a letter or digit."
                )
                .Name(command.Name)
                .TimeZone(command.TimeZone)
                .Currency(command.Currency)
                .Locale(command.Locale)
                .Text("admin_email", email, 3, 254)
                .Check(email.Length == 0 || CreateUser.IsAddress(email), "admin_email", "bad_format", "Not an e-mail address.");
            if (command.AdminPassword is not null)
            {
                Passwords.Check(faults, "admin_password", command.AdminPassword, email);
            }

            return faults.Error;
        }
    }
}
