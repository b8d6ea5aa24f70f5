using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Platform.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Platform.Tenants;

/// <summary>The tenant that an empty installation begins with.</summary>
public sealed record FirstTenant(string Slug, string Name)
{
    public static readonly FirstTenant Default = new("default", "My ISP");
}

/// <summary>
/// What must be there before anybody can sign in: a first tenant (<c>default</c>, so that a single ISP never meets the word), its roles, and its administrator, who is the platform's too.
/// Called by the host after each migration; does nothing when it is there, and one of several processes that start at once does it.
/// </summary>
public static class FirstStart
{
    public const string DefaultEmail = "admin@localhost";

    /// <summary>For another process that is at it: on a slow machine its first minute goes by with compiling.</summary>
    private const int LongestWaitSeconds = 300;

    /// <param name="IsNew">True when this call made the administrator.</param>
    /// <param name="Password">The random password, to be shown once; null when one was given or nothing was made.</param>
    public sealed record Outcome(bool IsNew, string Email, string? Password);

    /// <summary>Refuses an e-mail address that is none; the password is the operator's own to choose. Nothing is made then.</summary>
    public static async Task<Result<Outcome>> EnsureAsync(
        IServiceProvider services,
        FirstTenant first,
        string? email,
        string? password,
        CancellationToken ct
    )
    {
        var address = string.IsNullOrWhiteSpace(email) ? DefaultEmail : email.Trim().ToLowerInvariant();
        await using var scope = services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(null, "first start");
        await work.BeginAsync(DatabaseRole.Platform, null, ct);
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT pg_advisory_xact_lock(hashtextextended('dotmac.first_start', 1))",
                transaction: work.Transaction,
                commandTimeout: LongestWaitSeconds,
                cancellationToken: ct
            )
        );
        var db = scope.ServiceProvider.GetRequiredService<PlatformDb>();
        var foundation = scope.ServiceProvider.GetRequiredService<TenantFoundation>();
        if (await db.Tenants.AnyAsync(ct))
        {
            foreach (var tenantId in await db.Tenants.Select(t => t.TenantId).ToListAsync(ct))
            {
                await SyncAsync(services, tenantId, ct);
            }

            return new Outcome(false, address, null);
        }

        var faults = CreateUser.CheckPerson(address, "Administrator");
        if (faults.Error is { } invalid)
        {
            return invalid;
        }

        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        var tenant = new Tenant
        {
            TenantId = Guid.CreateVersion7(now),
            Slug = first.Slug,
            Name = first.Name,
            CreatedAt = now,
        };
        var given = string.IsNullOrEmpty(password) ? null : password;
        var founded = await foundation.FoundAsync(tenant, address, "Administrator", given, ct);
        if (founded.Error is { } refusal)
        {
            return refusal;
        }

        await foundation.MakePlatformAdminAsync(founded.Value.Admin, ct);
        await work.CommitAsync(ct);
        return new Outcome(true, address, founded.Value.InitialPassword);
    }

    // One unit of work a tenant, because its audit entries go to one tenant's chain. The caller's lock still stands around all of them.
    private static async Task SyncAsync(IServiceProvider services, Guid tenantId, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenantId, "release");
        await work.BeginAsync(DatabaseRole.Platform, tenantId, ct);
        await scope.ServiceProvider.GetRequiredService<TenantFoundation>().SyncSystemRolesAsync(ct);
        await work.CommitAsync(ct);
    }
}
