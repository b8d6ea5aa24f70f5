using Dapper;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.Access;
using DotMac.Contracts.Network;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning;

/// <summary>An order that was found good.</summary>
/// <param name="Line">As ordered; the defaults are filled in by the run.</param>
/// <param name="Facts">As it would be with its defaults.</param>
internal sealed record CheckedOrder(ProvisionFields Fields, LineOrder Line, LineFacts Facts, ProvisionedPlan Plan);

/// <summary>Looks at all of an order before anything is begun, and tells every fault at once.</summary>
internal sealed class ProvisionCheck(UnitOfWork work, ILineProfiles lines, ISites sites, CurrentCaller caller)
{
    private const string Taken = """
        SELECT EXISTS (SELECT 1 FROM subscribers WHERE username = @Username AND deleted_at IS NULL AND status <> 4) AS username,
            EXISTS (SELECT 1 FROM subscribers WHERE subscriber_number = @SubscriberNumber AND deleted_at IS NULL AND status <> 4) AS number,
            EXISTS (SELECT 1 FROM subscribers WHERE onu_serial = @OnuSerial AND deleted_at IS NULL AND status <> 4) AS onu,
            EXISTS (SELECT 1 FROM subscribers WHERE cpe_mac_address = @CpeMacAddress AND deleted_at IS NULL AND status <> 4) AS cpe,
            EXISTS (SELECT 1 FROM service_instances WHERE service_identifier = @Username AND status IN (0, 1)
                AND NOT EXISTS (SELECT 1 FROM saga_runs r WHERE r.id = run_id AND r.status IN (5, 7))) AS ordered
        """;

    /// <summary>How an order calls the fields of its line.</summary>
    private const string OfLine = "network_profile.";

    /// <param name="order">Cleaned.</param>
    public async Task<Result<CheckedOrder>> ReadAsync(ProvisionFields order, Rehearsed rehearsed, CancellationToken ct)
    {
        if (Forbidden(order) is { } forbidden)
        {
            return forbidden;
        }

        var faults = new Faults();
        order.Check(faults);
        var line = order.NetworkProfile!.Read();
        foreach (var fault in line.Error?.Faults ?? [])
        {
            faults.Add(OfLine + fault.Field, fault.Code, fault.Message);
        }

        var plan = order.PlanId is { } planId ? await work.PlanAsync(planId, ct) : null;
        faults.Check(order.PlanId is null || plan is not null, "plan_id", "not_found", "There is no such plan.");
        faults.Check(
            order.NetworkProfile.SiteId is not { } site || await sites.ExistsAsync(site, ct),
            OfLine + "site_id",
            "not_found",
            "There is no such site."
        );
        await TakenAsync(order, faults, ct);
        var conflicts = line.Error is null ? await ConflictsAsync(line.Value, ct) : [];
        foreach (var objection in rehearsed.Objections.Where(o => !conflicts.Any(c => IsSame(o, c))))
        {
            faults.Add(objection.Field, objection.Code, objection.Message);
        }

        foreach (var conflict in conflicts)
        {
            faults.Add(OfLine + conflict.Field, conflict.Code, conflict.Message);
        }

        if (faults.Error is { } error)
        {
            return error;
        }

        var defaults = await lines.DefaultsAsync(order.PlanId, line.Value.SiteId, ct);
        var facts = order.NetworkProfile!.Over(defaults).Read().Value;
        return new CheckedOrder(order, LineOf(order, line.Value), facts, plan!);
    }

    /// <summary>What the order makes, its caller must be allowed to make: logins, and services on ONUs and customer devices.</summary>
    private Error? Forbidden(ProvisionFields order) =>
        Grants.Missing(
            caller.Value,
            Grants.Radius,
            order.OnuSerial is null ? null : Grants.Pon,
            (order.CpeMacAddress, order.Wifi) is (null, null) ? null : Grants.Cpe
        );

    private async Task TakenAsync(ProvisionFields order, Faults faults, CancellationToken ct)
    {
        var taken = await work.Connection.QuerySingleAsync<TakenRow>(
            new CommandDefinition(
                Taken,
                new
                {
                    order.Username,
                    order.SubscriberNumber,
                    order.OnuSerial,
                    order.CpeMacAddress,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        faults
            .Check(!taken.Username, "username", "subscriber.username_taken", $"The username {order.Username} is taken.")
            .Check(
                taken.Username || !taken.Ordered,
                "username",
                "subscriber.username_taken",
                $"{order.Username} is being provisioned already."
            )
            .Check(!taken.Number, "subscriber_number", "subscriber.number_taken", $"The number {order.SubscriberNumber} is taken.")
            .Check(!taken.Onu, "onu_serial", "subscriber.onu_taken", "Another subscriber has that ONU.")
            .Check(!taken.Cpe, "cpe_mac_address", "subscriber.cpe_taken", "Another subscriber has that device.");
    }

    /// <summary>Addresses and pairs of VLANs that another line has, also of one that the address plan knows nothing of.</summary>
    private async Task<IReadOnlyList<Fault>> ConflictsAsync(LineFacts line, CancellationToken ct)
    {
        var addresses = await AddressConflicts.FindAsync(work, Guid.Empty, new LineFacts(), line, ct);
        return await VlanConflicts.FindAsync(work, Guid.Empty, new LineFacts(), line, PairOrigin.Told, ct) is { } vlan
            ? [.. addresses, vlan]
            : addresses;
    }

    /// <summary>That somebody has it is told once: by the line that has it, for that says whose it is.</summary>
    private static bool IsSame(Objection ofPlan, Fault ofLine) => ofPlan.IsOthers && ofPlan.Field == OfLine + ofLine.Field;

    private static LineOrder LineOf(ProvisionFields order, LineFacts line) =>
        new(order.PlanId, line.SiteId)
        {
            CircuitId = line.CircuitId,
            RemoteId = line.RemoteId,
            Option82Policy = Words.Read<Option82Policy>(order.NetworkProfile!.Option82Policy),
            ServiceVlan = line.ServiceVlan,
            InnerVlan = line.InnerVlan,
            QinqEnabled = order.NetworkProfile.QinqEnabled,
            StaticIpv4 = line.StaticIpv4,
            StaticIpv6 = line.StaticIpv6,
            Ipv6Prefix = line.Ipv6Prefix,
            DelegatedIpv6Prefix = line.DelegatedIpv6Prefix,
            Ipv6PdSize = line.DelegatedIpv6Prefix?.PrefixLength ?? order.NetworkProfile.Ipv6PdSize,
            Ipv6Mode = line.Ipv6Mode,
            VlanPool = line.VlanPool,
            Ipv4Pool = line.Ipv4Pool,
            Ipv6Pool = line.Ipv6Pool,
            PdPool = line.PdPool,
            NasIpv4Pool = line.NasIpv4Pool,
            NasIpv6Pool = line.NasIpv6Pool,
            NasPdPool = line.NasPdPool,
        };

    private sealed record TakenRow(bool Username, bool Number, bool Onu, bool Cpe, bool Ordered);
}
