using Dapper;
using DotMac.Access.NasRegistry;
using DotMac.Access.Profiles;
using DotMac.Access.Provisioning.Onus;
using DotMac.Access.Quotas;
using DotMac.Access.Subscribers;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Addresses;
using DotMac.Network.Ipam.Pools;
using DotMac.Network.Ipam.Prefixes;
using DotMac.Network.Ipam.Reservations;
using DotMac.Network.Ipam.Sites;
using DotMac.Network.Ipam.Vlans;
using DotMac.Network.Ipam.Vrfs;
using DotMac.Network.Pon.Simulator;

namespace DotMac.Host.Demo;

/// <summary>Fills the demo tenant through the same use cases as the API: what the demo shows has passed every check.</summary>
internal sealed class DemoTenant(IServiceProvider services, Databases databases)
{
    /// <summary>Makes what is not there yet; true when the subscribers were made by this call.</summary>
    public async Task<bool> FillAsync(int coaPort, CancellationToken ct)
    {
        var tenantId = await TenantAsync(ct);
        foreach (var profile in DemoNetwork.Profiles)
        {
            await RunAsync<CreateBandwidthProfile.Command, ProfileView>(tenantId, new(profile), ct);
        }

        foreach (var nas in DemoNetwork.Nas)
        {
            await RunAsync<CreateNas.Command, NasView>(tenantId, new(DemoNetwork.Fields(nas, coaPort)), ct);
        }

        await PlanAsync(tenantId, ct);
        var profiles = await ProfilesAsync(tenantId, ct);
        var known = (await QueryAsync<string>(tenantId, "SELECT username FROM subscribers", ct)).ToHashSet(StringComparer.Ordinal);
        var made = 0;
        foreach (var login in DemoNetwork.Logins.Where(l => !known.Contains(l.Username)))
        {
            var fields = login.Fields(profiles[DemoNetwork.Profiles[login.Profile].Name!]);
            made += await RunAsync<CreateSubscriber.Command, SubscriberView>(tenantId, new(fields), ct) ? 1 : 0;
        }

        await PonAsync(tenantId, ct);
        return made > 0;
    }

    /// <summary>A simulated OLT, once: the first subscribers get an ONU each, three boxes are lit and nobody's, one is on the shelf.</summary>
    private async Task PonAsync(Guid tenantId, CancellationToken ct)
    {
        if (!await RunAsync<CreateSimulatedOlt.Command, CreateSimulatedOlt.Response>(tenantId, new(DemoPon.Olt), ct))
        {
            return;
        }

        var olt = (await QueryAsync<Guid>(tenantId, "SELECT id FROM pon_olts WHERE name = 'demo-olt-1'", ct)).Single();
        foreach (var box in DemoPon.Boxes)
        {
            await RunAsync<PutSimulatedOnu.Command, SimulatedOnuView>(tenantId, new(box.Serial, box.At(olt)), ct);
        }

        var homes = await QueryAsync<Guid>(
            tenantId,
            "SELECT id FROM subscribers WHERE deleted_at IS NULL AND status = 1 AND bandwidth_profile_id IS NOT NULL ORDER BY subscriber_number LIMIT 12",
            ct
        );
        foreach (var (home, box) in homes.Zip(DemoPon.Boxes))
        {
            await RunAsync<ProvisionOnu.Command, ProvisionOnu.Response>(tenantId, new(box.Serial, home), ct);
        }
    }

    /// <summary>The address plan, once: what is in it already is refused as taken, and stays.</summary>
    private async Task PlanAsync(Guid tenantId, CancellationToken ct)
    {
        await RunAsync<CreateSite.Command, SiteView>(tenantId, new(DemoPlan.Site), ct);
        foreach (var vrf in DemoPlan.Vrfs)
        {
            await RunAsync<CreateVrf.Command, VrfView>(tenantId, new(vrf), ct);
        }

        foreach (var prefix in DemoPlan.Prefixes)
        {
            await RunAsync<CreatePrefix.Command, PrefixView>(tenantId, new(prefix), ct);
        }

        foreach (var pool in DemoPlan.Pools)
        {
            await RunAsync<CreateAddressPool.Command, PoolView>(tenantId, new(pool), ct);
        }

        await RunAsync<CreateVlanGroup.Command, VlanGroupView>(tenantId, new(DemoPlan.VlanGroup), ct);
        foreach (var pool in DemoPlan.VlanPools)
        {
            await RunAsync<CreateVlanPool.Command, VlanPoolView>(tenantId, new(pool), ct);
        }

        foreach (var address in DemoPlan.Addresses)
        {
            await RunAsync<AllocateIp.Command, AddressView>(tenantId, new(address), ct);
        }

        await RunAsync<CreateReservation.Command, AddressView>(tenantId, new(DemoPlan.Reservation), ct);
    }

    /// <summary>Caps that are nearly used up by what was used this month until now.</summary>
    public async Task SetQuotasAsync(CancellationToken ct)
    {
        const long AtLeast = 1_000_000_000; // on the first days of a month little was used yet
        var tenantId = await TenantAsync(ct);
        var slow = (await ProfilesAsync(tenantId, ct))[DemoNetwork.Profiles[0].Name!];
        var used = (
            await QueryAsync<(string Username, long Octets)>(
                tenantId,
                """
                SELECT s.username, sum(m.uploaded_bytes + m.downloaded_bytes)::bigint FROM subscribers s
                JOIN usage_monthly m ON m.subscriber_id = s.id AND m.month = date_trunc('month', now() AT TIME ZONE 'UTC')::date GROUP BY 1
                """,
                ct
            )
        ).ToDictionary(u => u.Username, u => u.Octets, StringComparer.Ordinal);
        foreach (var (login, percent, action) in DemoNetwork.Quotas)
        {
            var username = DemoLogin.Number(login).Username;
            var cap = Math.Max(AtLeast, used.GetValueOrDefault(username)) / percent * 100;
            var fields = new QuotaFields(cap, Action: action, ThrottleProfileId: action == "throttle" ? slow : null);
            await RunAsync<SetSubscriberQuota.Command, QuotaView>(tenantId, new(username, fields), ct);
        }
    }

    private async Task<Guid> TenantAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        var found = await connection.QuerySingleOrDefaultAsync<Guid?>(
            new CommandDefinition("SELECT tenant_id FROM tenants WHERE slug = @Slug", new { DemoNetwork.Slug }, cancellationToken: ct)
        );
        return found
            ?? throw new StartRefusal(
                "DOTMAC_DATA: this installation is not a demo, and stays as it is. Give the demo a folder of its own, e.g. DOTMAC_DATA=./.dotmac/demo."
            );
    }

    private async Task<Dictionary<string, Guid>> ProfilesAsync(Guid tenantId, CancellationToken ct) =>
        (await QueryAsync<(string Name, Guid Id)>(tenantId, "SELECT name, id FROM radius_bandwidth_profiles", ct)).ToDictionary(
            r => r.Name,
            r => r.Id,
            StringComparer.Ordinal
        );

    private async Task<IEnumerable<T>> QueryAsync<T>(Guid tenantId, string sql, CancellationToken ct)
    {
        await using var scope = Scope(tenantId);
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenantId, ct);
        return await work.Connection.QueryAsync<T>(new CommandDefinition(sql, transaction: work.Transaction, cancellationToken: ct));
    }

    /// <summary>Runs one use case as the demo; false when it is there already.</summary>
    private async Task<bool> RunAsync<TCommand, TResponse>(Guid tenantId, TCommand command, CancellationToken ct)
    {
        await using var scope = Scope(tenantId);
        var result = await scope.ServiceProvider.GetRequiredService<IHandle<TCommand, TResponse>>().Handle(command, ct);
        return result.Error switch
        {
            null => true,
            { Kind: ErrorKind.Conflict } => false,
            var refusal => throw new InvalidOperationException(
                $"The demo's {typeof(TCommand).DeclaringType?.Name} was refused: {refusal.Code} {string.Join(' ', refusal.Faults ?? [])}"
            ),
        };
    }

    private AsyncServiceScope Scope(Guid tenantId)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenantId, "demo");
        return scope;
    }
}
