using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Decisions;
using DotMac.Access.Aaa.Proxy;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Access.Aaa.Vendors;
using DotMac.Access.Attributes;
using DotMac.Access.Coa;
using DotMac.Access.FreeRadius;
using DotMac.Access.Home;
using DotMac.Access.NasRegistry;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Profiles;
using DotMac.Access.Provisioning;
using DotMac.Access.Provisioning.Bulk;
using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Provisioning.Onus;
using DotMac.Access.Provisioning.Reconciliation;
using DotMac.Access.Provisioning.Runs;
using DotMac.Access.Provisioning.Suspensions;
using DotMac.Access.Quotas;
using DotMac.Access.Sessions;
using DotMac.Access.Subscribers;
using DotMac.Access.Usage;
using DotMac.Contracts.Access;
using DotMac.Contracts.Network;
using DotMac.Kernel.Data;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DotMac.Access;

/// <summary>Who gets online: the group's table of contents, one line per use case.</summary>
public static class AccessModule
{
    public static readonly IReadOnlyList<UseCase> UseCases =
    [
        UseCase.Of<CreateBandwidthProfile.Handler>(CreateBandwidthProfile.Map),
        UseCase.Of<ListBandwidthProfiles.Handler>(ListBandwidthProfiles.Map),
        UseCase.Of<GetBandwidthProfile.Handler>(GetBandwidthProfile.Map),
        UseCase.Of<UpdateBandwidthProfile.Handler>(UpdateBandwidthProfile.Map),
        UseCase.Of<DeleteBandwidthProfile.Handler>(DeleteBandwidthProfile.Map),
        UseCase.Of<PreviewBandwidthProfile.Handler>(PreviewBandwidthProfile.Map),
        UseCase.Of<CreateNas.Handler>(CreateNas.Map),
        UseCase.Of<ListNas.Handler>(ListNas.Map),
        UseCase.Of<GetNas.Handler>(GetNas.Map),
        UseCase.Of<UpdateNas.Handler>(UpdateNas.Map),
        UseCase.Of<DeleteNas.Handler>(DeleteNas.Map),
        UseCase.Of<RevealNasSecret.Handler>(RevealNasSecret.Map),
        UseCase.Of<CreateSubscriber.Handler>(CreateSubscriber.Map),
        UseCase.Of<ListSubscribers.Handler>(ListSubscribers.Map),
        UseCase.Of<GetSubscriber.Handler>(GetSubscriber.Map),
        UseCase.Of<UpdateSubscriber.Handler>(UpdateSubscriber.Map),
        UseCase.Of<DeleteSubscriber.Handler>(DeleteSubscriber.Map),
        UseCase.Of<EnableSubscriber.Handler>(EnableSubscriber.Map),
        UseCase.Of<DisableSubscriber.Handler>(DisableSubscriber.Map),
        UseCase.Of<RevealSubscriberPassword.Handler>(RevealSubscriberPassword.Map),
        UseCase.Of<ExportSubscribers.Handler>(ExportSubscribers.Map),
        UseCase.Of<ListRuns.Handler>(ListRuns.Map),
        UseCase.Of<StreamRuns.Handler>(StreamRuns.Map),
        UseCase.Of<ListDeadLetters.Handler>(ListDeadLetters.Map),
        UseCase.Of<GetRunStatistics.Handler>(GetRunStatistics.Map),
        UseCase.Of<ListRunDefinitions.Handler>(ListRunDefinitions.Map),
        UseCase.Of<GetRun.Handler>(GetRun.Map),
        UseCase.Of<StreamRun.Handler>(StreamRun.Map),
        UseCase.Of<CancelRun.Handler>(CancelRun.Map),
        UseCase.Of<RetryRun.Handler>(RetryRun.Map),
        UseCase.Of<GiveUpRun.Handler>(GiveUpRun.Map),
        UseCase.Of<ListSuspensions.Handler>(ListSuspensions.Map),
        UseCase.Of<AddSuspension.Handler>(AddSuspension.Map),
        UseCase.Of<EndSuspension.Handler>(EndSuspension.Map),
        UseCase.Of<AddShield.Handler>(AddShield.Map),
        UseCase.Of<EndShield.Handler>(EndShield.Map),
        UseCase.Of<GetSuspensionSettings.Handler>(GetSuspensionSettings.Map),
        UseCase.Of<SetSuspensionSettings.Handler>(SetSuspensionSettings.Map),
        UseCase.Of<ListSessions.Handler>(ListSessions.Map),
        UseCase.Of<MarkSessions.Handler>(MarkSessions.Map),
        UseCase.Of<StreamSessions.Handler>(StreamSessions.Map),
        UseCase.Of<GetSession.Handler>(GetSession.Map),
        UseCase.Of<DisconnectSessions.Handler>(DisconnectSessions.Map),
        UseCase.Of<ChangeSession.Handler>(ChangeSession.Map),
        UseCase.Of<PreviewCoaRun.Handler>(PreviewCoaRun.Map),
        UseCase.Of<StartCoaRun.Handler>(StartCoaRun.Map),
        UseCase.Of<ListCoaRuns.Handler>(ListCoaRuns.Map),
        UseCase.Of<GetCoaRun.Handler>(GetCoaRun.Map),
        UseCase.Of<CancelCoaRun.Handler>(CancelCoaRun.Map),
        UseCase.Of<ListCoaTasks.Handler>(ListCoaTasks.Map),
        UseCase.Of<GetCoaSettings.Handler>(GetCoaSettings.Map),
        UseCase.Of<SetCoaSettings.Handler>(SetCoaSettings.Map),
        UseCase.Of<ListSubscriberSessions.Handler>(ListSubscriberSessions.Map),
        UseCase.Of<ListSubscriberDecisions.Handler>(ListSubscriberDecisions.Map),
        UseCase.Of<ListDecisions.Handler>(ListDecisions.Map),
        UseCase.Of<SummarizeDecisions.Handler>(SummarizeDecisions.Map),
        UseCase.Of<ExplainDecision.Handler>(ExplainDecision.Map),
        UseCase.Of<ReplayDecision.Handler>(ReplayDecision.Map),
        UseCase.Of<GetSubscriberUsage.Handler>(GetSubscriberUsage.Map),
        UseCase.Of<GetUsage.Handler>(GetUsage.Map),
        UseCase.Of<ListTopSubscribers.Handler>(ListTopSubscribers.Map),
        UseCase.Of<ListNasUsage.Handler>(ListNasUsage.Map),
        UseCase.Of<TotalAccounting.Handler>(TotalAccounting.Map),
        UseCase.Of<GetRetention.Handler>(GetRetention.Map),
        UseCase.Of<SetRetention.Handler>(SetRetention.Map),
        UseCase.Of<GetProfileQuota.Handler>(GetProfileQuota.Map),
        UseCase.Of<SetProfileQuota.Handler>(SetProfileQuota.Map),
        UseCase.Of<ClearProfileQuota.Handler>(ClearProfileQuota.Map),
        UseCase.Of<GetSubscriberQuota.Handler>(GetSubscriberQuota.Map),
        UseCase.Of<SetSubscriberQuota.Handler>(SetSubscriberQuota.Map),
        UseCase.Of<ClearSubscriberQuota.Handler>(ClearSubscriberQuota.Map),
        UseCase.Of<AddQuotaTopUp.Handler>(AddQuotaTopUp.Map),
        UseCase.Of<TestAuthentication.Handler>(TestAuthentication.Map),
        UseCase.Of<FreeRadiusAuthorize.Handler>(FreeRadiusAuthorize.Map),
        UseCase.Of<FreeRadiusPostAuth.Handler>(FreeRadiusPostAuth.Map),
        UseCase.Of<FreeRadiusAccounting.Handler>(FreeRadiusAccounting.Map),
        UseCase.Of<FreeRadiusClient.Handler>(FreeRadiusClient.Map),
        UseCase.Of<GetFreeRadius.Handler>(GetFreeRadius.Map),
        UseCase.Of<SetFreeRadius.Handler>(SetFreeRadius.Map),
        UseCase.Of<GetFreeRadiusDrift.Handler>(GetFreeRadiusDrift.Map),
        UseCase.Of<RepairFreeRadius.Handler>(RepairFreeRadius.Map),
        UseCase.Of<ValidateAccessRequest.Handler>(ValidateAccessRequest.Map),
        UseCase.Of<ListSubscriberAlerts.Handler>(ListSubscriberAlerts.Map),
        UseCase.Of<ListAttributes.Handler>(ListAttributes.Map),
        UseCase.Of<ListAttributeVendors.Handler>(ListAttributeVendors.Map),
        UseCase.Of<GetNetworkProfile.Handler>(GetNetworkProfile.Map),
        UseCase.Of<PutNetworkProfile.Handler>(PutNetworkProfile.Map),
        UseCase.Of<PatchNetworkProfile.Handler>(PatchNetworkProfile.Map),
        UseCase.Of<DeleteNetworkProfile.Handler>(DeleteNetworkProfile.Map),
        UseCase.Of<ListProfileAudit.Handler>(ListProfileAudit.Map),
        UseCase.Of<PreviewLine.Handler>(PreviewLine.Map),
        UseCase.Of<GetAddressStatus.Handler>(GetAddressStatus.Map),
        UseCase.Of<AllocateAddress.Handler>(AllocateAddress.Map),
        UseCase.Of<MoveAddress.Handler>(MoveAddress.Map),
        UseCase.Of<RevokeAddress.Handler>(RevokeAddress.Map),
        UseCase.Of<GetProfileStats.Handler>(GetProfileStats.Map),
        UseCase.Of<GetIpv6Stats.Handler>(GetIpv6Stats.Map),
        UseCase.Of<ListProfileDefaults.Handler>(ListProfileDefaults.Map),
        UseCase.Of<CreateProfileDefaults.Handler>(CreateProfileDefaults.Map),
        UseCase.Of<UpdateProfileDefaults.Handler>(UpdateProfileDefaults.Map),
        UseCase.Of<DeleteProfileDefaults.Handler>(DeleteProfileDefaults.Map),
        UseCase.Of<ResolveProfileDefaults.Handler>(ResolveProfileDefaults.Map),
        UseCase.Of<GetDashboard.Handler>(GetDashboard.Map),
        UseCase.Of<CreateUpstream.Handler>(CreateUpstream.Map),
        UseCase.Of<ListUpstreams.Handler>(ListUpstreams.Map),
        UseCase.Of<GetUpstream.Handler>(GetUpstream.Map),
        UseCase.Of<UpdateUpstream.Handler>(UpdateUpstream.Map),
        UseCase.Of<DeleteUpstream.Handler>(DeleteUpstream.Map),
        UseCase.Of<ListRealms.Handler>(ListRealms.Map),
        UseCase.Of<ListNasGroups.Handler>(ListNasGroups.Map),
        UseCase.Of<GetNasSafety.Handler>(GetNasSafety.Map),
        UseCase.Of<GetNasHealth.Handler>(GetNasHealth.Map),
        .. ProvisioningModule.UseCases,
        .. ChangesModule.UseCases,
        .. BulkModule.UseCases,
        .. ReconciliationModule.UseCases,
        UseCase.Of<ProvisionOnu.Handler>(ProvisionOnu.Map),
    ];

    /// <summary>What FreeRADIUS asks of a node that serves RADIUS, be it without the console's API.</summary>
    public static IEnumerable<UseCase> ForFreeRadius =>
        UseCases.Where(u =>
            u.Name is nameof(FreeRadiusAuthorize) or nameof(FreeRadiusPostAuth) or nameof(FreeRadiusAccounting) or nameof(FreeRadiusClient)
        );

    public static readonly IReadOnlyList<EventKind> Events =
    [
        EventKind.Of<LoginDisabled>("login.disabled"),
        EventKind.Of<LoginRenamed>("login.renamed"),
        EventKind.Of<LoginSuspended>("login.suspended"),
        EventKind.Of<LoginResumed>("login.resumed"),
        EventKind.Of<SubscriberDeleted>("subscriber.deleted"),
        EventKind.Of<LineVlanChanged>("line.vlan_changed"),
        EventKind.Of<QuotaWarned>("quota.warned"),
        EventKind.Of<QuotaReached>("quota.reached"),
        EventKind.Of<QuotaRestored>("quota.restored"),
        EventKind.Of<SubscriberSuspended>("subscriber.suspended"),
        EventKind.Of<SubscriberResumed>("subscriber.resumed"),
        .. ProvisioningModule.Events,
        .. ChangesModule.Events,
    ];

    /// <summary>What runs beside the RADIUS server, on what it has just counted.</summary>
    public static IServiceCollection AddAccessWatch(this IServiceCollection services) => services.AddHostedService<QuotaWatch>();

    /// <summary>What every role needs: the use cases and their entities.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddUseCases(UseCases);
        services.AddTenantContext<AccessDb>(options => new AccessDb(options));
        services.AddSingleton<SubscriberCsv>();
        services.AddSingleton<CoaProxy>();
        services.AddSingleton<CoaRunEnds>();
        services.AddSingleton<NasDoor>();
        services.TryAddSingleton<SnapshotRows>();
        services.AddSingleton<Projection>();
        services.AddSingleton<SessionChanges>();
        services.AddSingleton<SessionFeed>();
        services.AddSingleton<RunChanges>();
        services.AddSingleton<RunFeed>();
        services.AddProvisioning();
        services.AddChanges();
        services.AddBulk();
        services.AddReconciliation();
        services.AddSaga(AttachSaga.First);
        services.AddSaga(AttachSaga.Definition);
        services.AddScoped<IHandleEvent<OnuDiscovered>, ActivateDiscovered>();
        services.AddSingleton<ILoginProjection, LoginProjection>();
        services.AddScoped<DecisionToday>();
        services.AddScoped<CoaLog>();
        services.AddSingleton<TouchedUsage>();
        services.AddScoped<QuotaCheck>();
        services.AddScoped<LineWriter>();
        services.AddScoped<LineAddresses>();
        services.AddScoped<StaticAddressBypass>();
        services.AddScoped<HoldingsQuery>();
        services.AddScoped<ILineProfiles, LineProfiles>();
        services.AddScoped<ISubscribers, KnownSubscribers>();
        services.AddScoped<IHandleEvent<QuotaReached>, EnforceQuota>();
        services.AddScoped<IHandleEvent<QuotaRestored>, EnforceQuota>();
        services.AddScoped<SuspensionFollower>();
        services.AddScoped<ISessionOrders, SessionOrders>();
        services.AddScoped<ILoginProof, LoginProof>();
        services.AddSaga(AccessSagas.FirstSuspension);
        services.AddSaga(AccessSagas.FirstResumption);
        services.AddSaga(AccessSagas.Suspension);
        services.AddSaga(AccessSagas.Resumption);
        services.AddScoped<SuspensionBook>();
        services.AddScoped<SuspendedOnus>();
        services.AddScoped<ISuspensions>(p => p.GetRequiredService<SuspensionBook>());
        services.AddScoped<CoaTasks>();
        services.AddSingleton<CoaQueue>();
        services.AddScoped<IHandleEvent<LoginDisabled>, DisconnectGoneLogins>();
        services.AddScoped<IHandleEvent<LoginRenamed>, DisconnectGoneLogins>();
        services.AddScoped<IHandleEvent<SubscriberDeleted>, DisconnectGoneLogins>();
        services.AddScoped<IHandleEvent<LineVlanChanged>, UpdateLiveVlans>();
        foreach (var kind in Events)
        {
            services.AddSingleton(kind);
        }

        return services;
    }

    /// <summary>What nobody waits for: asking NAS in the background.</summary>
    public static IServiceCollection AddAccessWorker(this IServiceCollection services) =>
        services.AddHostedService<CoaWorker>().AddHostedService<SuspensionWatch>().AddHostedService<BulkWorker>().AddReconciliationWorker();
}
