using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using DotMac.Platform.Audit;
using DotMac.Platform.Flags;
using DotMac.Platform.Identity;
using DotMac.Platform.Jobs;
using DotMac.Platform.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Platform;

/// <summary>Whose system it is: the group's table of contents, one line per use case.</summary>
public static class PlatformModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        // Signing in
        UseCase.Of<Login.Handler>(Login.Map),
        UseCase.Of<RefreshSession.Handler>(RefreshSession.Map),
        UseCase.Of<Logout.Handler>(Logout.Map),
        UseCase.Of<GetMe.Handler>(GetMe.Map),
        // One's own account
        UseCase.Of<ChangePassword.Handler>(ChangePassword.Map),
        UseCase.Of<SetUpTotp.Handler>(SetUpTotp.Map),
        UseCase.Of<ConfirmTotp.Handler>(ConfirmTotp.Map),
        UseCase.Of<DisableTotp.Handler>(DisableTotp.Map),
        UseCase.Of<RenewRecoveryCodes.Handler>(RenewRecoveryCodes.Map),
        UseCase.Of<ListOwnSessions.Handler>(ListOwnSessions.Map),
        UseCase.Of<RevokeOwnSession.Handler>(RevokeOwnSession.Map),
        // Users
        UseCase.Of<ListUsers.Handler>(ListUsers.Map),
        UseCase.Of<CreateUser.Handler>(CreateUser.Map),
        UseCase.Of<GetUser.Handler>(GetUser.Map),
        UseCase.Of<ChangeUser.Handler>(ChangeUser.Map),
        UseCase.Of<DeleteUser.Handler>(DeleteUser.Map),
        UseCase.Of<ResetUserPassword.Handler>(ResetUserPassword.Map),
        UseCase.Of<UnlockUser.Handler>(UnlockUser.Map),
        UseCase.Of<ResetUserTotp.Handler>(ResetUserTotp.Map),
        // Roles
        UseCase.Of<ListPermissions.Handler>(ListPermissions.Map),
        UseCase.Of<ListRoles.Handler>(ListRoles.Map),
        UseCase.Of<CreateRole.Handler>(CreateRole.Map),
        UseCase.Of<GetRole.Handler>(GetRole.Map),
        UseCase.Of<ChangeRole.Handler>(ChangeRole.Map),
        UseCase.Of<DeleteRole.Handler>(DeleteRole.Map),
        // API keys
        UseCase.Of<ListApiKeys.Handler>(ListApiKeys.Map),
        UseCase.Of<CreateApiKey.Handler>(CreateApiKey.Map),
        UseCase.Of<DeleteApiKey.Handler>(DeleteApiKey.Map),
        // Audit
        UseCase.Of<ListAudit.Handler>(ListAudit.Map),
        UseCase.Of<VerifyAudit.Handler>(VerifyAudit.Map),
        // Tenants
        UseCase.Of<GetTenant.Handler>(GetTenant.Map),
        UseCase.Of<ChangeTenant.Handler>(ChangeTenant.Map),
        UseCase.Of<ListTenants.Handler>(ListTenants.Map),
        UseCase.Of<OnboardTenant.Handler>(OnboardTenant.Map),
        UseCase.Of<GetTenantById.Handler>(GetTenantById.Map),
        UseCase.Of<ChangeTenantStatus.Handler>(ChangeTenantStatus.Map),
        // Flags
        UseCase.Of<ListFlags.Handler>(ListFlags.Map),
        UseCase.Of<SetFlag.Handler>(SetFlag.Map),
        // Jobs
        .. JobsModule.UseCases,
    ];

    public static readonly IReadOnlyList<EventKind> Events = [];

    /// <summary>What every role needs: the use cases and their entities.</summary>
    /// <param name="configure">Limits and token names, when the host sets other ones than the defaults.</param>
    public static IServiceCollection AddPlatform(this IServiceCollection services, Action<AuthOptions>? configure = null)
    {
        services.AddOptions<AuthOptions>().Configure(configure ?? (_ => { }));
        services.AddTenantContext<PlatformDb>(options => new PlatformDb(options));
        services.AddSingleton<Passwords>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<CallerLookup>();
        services.AddSingleton<AttemptLimits>();
        services.AddScoped<SecondFactor>();
        services.AddScoped<SessionStart>();
        services.AddScoped<UserSessions>();
        services.AddScoped<RecoveryCodes>();
        services.AddScoped<Grants>();
        services.AddScoped<OwnAccount>();
        services.AddScoped<TenantFoundation>();
        services.AddScoped<ITenantFlags, StoredFlags>();
        services.AddSingleton(VerifyAuditJob.Kind);
        services.AddSaga(VerifyAuditJob.Definition);
        services.AddJobs();
        services.AddUseCases(UseCases);
        foreach (var kind in Events)
        {
            services.AddSingleton(kind);
        }

        return services;
    }

    /// <summary>What the worker does beside.</summary>
    public static IServiceCollection AddPlatformWorker(this IServiceCollection services) =>
        services.AddHostedService<ExpiredRows>().AddJobsWorker();
}
