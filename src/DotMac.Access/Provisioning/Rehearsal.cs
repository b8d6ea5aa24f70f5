using DotMac.Access.NetworkProfiles;
using DotMac.Access.Provisioning.Provision;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning;

/// <summary>One thing that an outside system would refuse.</summary>
/// <param name="Field">Of the order.</param>
/// <param name="IsOthers">Somebody else has it, and nothing else is wrong.</param>
internal sealed record Objection(string Field, string Code, string Message, bool IsOthers = false);

/// <summary>What the systems would answer to an order, asked beforehand; nothing of it is kept.</summary>
internal sealed record Rehearsed(
    LineFacts? Facts,
    HeldAddress? Ipv4,
    HeldAddress? Ipv6,
    HeldAddress? DelegatedPrefix,
    HeldVlan? Vlan,
    OnuState? Onu,
    bool IsOnuConfigured,
    IReadOnlyList<Objection> Objections
)
{
    public static Rehearsed Nothing { get; } = new(null, null, null, null, null, null, false, []);
}

/// <summary>
/// Asks the address plan and the PON controller what they would answer to an order. In a scope of its own, and what is outside with no
/// transaction open: the handler that follows holds one connection and waits for nobody.
/// </summary>
internal sealed class Rehearsal(IServiceScopeFactory scopes)
{
    /// <param name="order">Of cleaned fields, which may be wrong: what cannot be read is not asked about.</param>
    public async Task<Rehearsed> TryAsync(ProvisionFields order, Caller caller, CancellationToken ct)
    {
        // Who may not order learns nothing; the handler refuses him.
        if (caller.TenantId is null || !caller.May(ProvisionSubscriber.Permission))
        {
            return Rehearsed.Nothing;
        }

        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<CurrentCaller>().Value = caller;
        var (plan, pon, facts, flags) = await OpenAsync(services, caller, order, ct);
        var objections = new List<Objection>();
        var work = services.GetRequiredService<UnitOfWork>();
        if (plan.CallsOut)
        {
            await work.DisposeAsync();
        }

        var held = facts is null ? [] : await AddressesAsync(plan, facts, flags, order.Reservations, objections, ct);
        var vlan = facts is null ? null : await VlanAsync(plan, facts, flags, objections, ct);
        // Nothing is kept: it ends without a commit.
        await work.DisposeAsync();
        var (onu, isConfigured) = await OnuAsync(pon, order.OnuSerial, objections, ct);
        return new Rehearsed(
            facts,
            held.GetValueOrDefault(AddressKind.Ipv4),
            held.GetValueOrDefault(AddressKind.Ipv6),
            held.GetValueOrDefault(AddressKind.DelegatedPrefix),
            vlan,
            onu,
            isConfigured,
            objections
        );
    }

    private static async Task<(IAddressPlan Plan, IPonController Pon, LineFacts? Facts, TenantFlags Flags)> OpenAsync(
        IServiceProvider services,
        Caller caller,
        ProvisionFields order,
        CancellationToken ct
    )
    {
        await services.GetRequiredService<UnitOfWork>().BeginAsync(DatabaseRole.App, caller.TenantId, ct);
        var drivers = services.GetRequiredService<Drivers>();
        var line = order.NetworkProfile!;
        var defaults = await services.GetRequiredService<ILineProfiles>().DefaultsAsync(order.PlanId, line.SiteId, ct);
        var read = line.Over(defaults).Read();
        return (
            await drivers.ForAsync<IAddressPlan>(ct),
            await drivers.ForAsync<IPonController>(ct),
            read.Error is null ? read.Value : null,
            await services.GetRequiredService<ITenantFlags>().ReadAsync(ct)
        );
    }

    private static async Task<Dictionary<AddressKind, HeldAddress>> AddressesAsync(
        IAddressPlan plan,
        LineFacts facts,
        TenantFlags flags,
        ReservationFields? reservations,
        List<Objection> objections,
        CancellationToken ct
    )
    {
        var held = new Dictionary<AddressKind, HeldAddress>();
        var nobody = Guid.CreateVersion7();
        var needs = AddressNeeds.Of(facts, flags, reservations);
        foreach (var kind in Enum.GetValues<AddressKind>())
        {
            if (reservations?.Of(kind) is not null && !needs.Any(n => n.Kind == kind))
            {
                objections.Add(new(ReservationFields.Field(kind), "provision.reservation_unused", "The line needs nothing of this kind."));
            }
        }

        foreach (var need in needs)
        {
            var answer = await plan.PreviewAsync(need.ToOrder($"{nobody}:{Words.Of(need.Kind)}", nobody, "", facts.SiteId), ct);
            if (answer.Value is { } value)
            {
                held[need.Kind] = value;
            }

            if ((answer.Fault ?? (answer.Value is { } given ? need.Refusal(given, flags) : null)) is { } fault && !IsForNow(fault))
            {
                var field =
                    need.Reservation is not null
                    && (fault.Code == "provision.pool_unfit" || fault.Code.StartsWith("ipam.reservation_", StringComparison.Ordinal))
                        ? ReservationFields.Field(need.Kind)
                        : "network_profile." + (need.IsStatic ? need.Field : need.PoolField);
                objections.Add(new Objection(field, fault.Code, fault.Message, fault.IsOthers));
            }
        }

        return held;
    }

    private static async Task<HeldVlan?> VlanAsync(
        IAddressPlan plan,
        LineFacts facts,
        TenantFlags flags,
        List<Objection> objections,
        CancellationToken ct
    )
    {
        var nobody = Guid.CreateVersion7();
        if (ReserveVlan.OrderOf(facts, flags, nobody.ToString(), nobody, "") is not { } order)
        {
            return null;
        }

        var answer = await plan.PreviewVlanAsync(order, ct);
        if (answer.Fault is { } fault && !IsForNow(fault))
        {
            var field = facts.ServiceVlan is null || fault.Code == "ipam.vlan_pool_unknown" ? "vlan_pool" : "service_vlan";
            objections.Add(new Objection("network_profile." + field, fault.Code, fault.Message, fault.IsOthers));
        }

        return answer.Value;
    }

    /// <summary>Others rehearse or order at this moment: no reason to refuse the order, which asks again when its turn comes.</summary>
    private static bool IsForNow(RoleFault fault) => fault.Code == "ipam.pool_busy";

    private static async Task<(OnuState? Onu, bool IsConfigured)> OnuAsync(
        IPonController pon,
        string? serial,
        List<Objection> objections,
        CancellationToken ct
    )
    {
        if (serial is null)
        {
            return (null, pon.Driver != "none");
        }

        var answer = await pon.FindAsync(serial, ct);
        if (answer.Fault is { } fault)
        {
            objections.Add(new Objection("onu_serial", fault.Code, fault.Message));
        }
        else if (answer is { IsConfigured: true, Value: null })
        {
            objections.Add(new Objection("onu_serial", "pon.onu_unknown", $"No port has seen {serial}."));
        }
        else if (answer.Value is { Admin: not OnuAdmin.Discovered } taken)
        {
            objections.Add(
                new Objection("onu_serial", "pon.onu_taken", $"{serial} on {taken.OltName} {taken.PonPort} carries somebody's service.")
            );
        }

        return (answer.Value, answer.IsConfigured);
    }
}
