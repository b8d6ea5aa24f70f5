using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;

namespace DotMac.Access;

/// <summary>What a subscriber holds, as address plan and PON controller say it, whatever its own rows say. Ask it before any entity is read.</summary>
/// <param name="Addresses">Addresses and prefixes.</param>
internal sealed record StillHeld(IReadOnlyList<string> Addresses, IReadOnlyList<string> Vlans, IReadOnlyList<string> Onus)
{
    public bool IsAnything => Addresses.Count + Vlans.Count + Onus.Count > 0;

    public string InWords => string.Join(", ", [.. Addresses, .. Vlans.Select(v => "VLAN " + v), .. Onus.Select(o => "ONU " + o)]);
}

/// <summary>Under whom the address plan keeps what is a line's.</summary>
internal static class LineOwners
{
    /// <summary>The subscriber, and the changes of its line that have not come to their end.</summary>
    public static async Task<IReadOnlyList<Guid>> OfAsync(UnitOfWork work, Guid subscriber, CancellationToken ct) =>
        [subscriber, .. await ChangeHolders.OfAsync(work, subscriber, ct)];
}

/// <summary>Asks the systems that keep things for subscribers.</summary>
internal sealed class HoldingsQuery(AccessDb db, UnitOfWork work, Drivers drivers)
{
    /// <summary>Fault <c>subscriber.holdings_unknown</c> 503: one of them does not answer.</summary>
    public async Task<Result<StillHeld>> OfAsync(Guid subscriber, CancellationToken ct)
    {
        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var owners = await LineOwners.OfAsync(work, subscriber, ct);
        var (addresses, vlans) = (new List<string>(), new List<string>());
        var asked = plan.CallsOut ? await db.OutsideAsync(work, () => HeldAsync(plan, owners, ct), ct) : await HeldAsync(plan, owners, ct);
        if (asked.Fault is { } fault)
        {
            return Unknown(fault);
        }

        foreach (var held in asked.All)
        {
            addresses.AddRange(held.Addresses.Select(a => a.Network.ToString()));
            vlans.AddRange(held.Vlans.Select(v => v.InnerVlan is { } inner ? $"{v.ServiceVlan}.{inner}" : $"{v.ServiceVlan}"));
        }

        var onus = await OnusOfAsync(subscriber, ct);
        return onus.Error is { } unknown ? unknown : new StillHeld(addresses, vlans, onus.Value);
    }

    /// <summary>Serials of its ONUs, where they alone decide: the address plan is not asked, and need not answer. Same fault.</summary>
    public async Task<Result<string[]>> OnusOfAsync(Guid subscriber, CancellationToken ct)
    {
        var pon = await drivers.ForAsync<IPonController>(ct);
        var onus = pon.CallsOut
            ? await db.OutsideAsync(work, () => pon.OfOwnerAsync(subscriber, ct), ct)
            : await pon.OfOwnerAsync(subscriber, ct);
        return onus.Fault is { } fault ? Unknown(fault) : (onus.Value ?? []).Select(o => o.Serial).ToArray();
    }

    private static Error Unknown(RoleFault fault) => new(ErrorKind.Unavailable, "subscriber.holdings_unknown", fault.Message);

    private static async Task<(List<Holdings> All, RoleFault? Fault)> HeldAsync(
        IAddressPlan plan,
        IReadOnlyList<Guid> owners,
        CancellationToken ct
    )
    {
        var all = new List<Holdings>();
        foreach (var owner in owners)
        {
            var held = await plan.HeldByAsync(owner, ct);
            if (held.Fault is { } fault)
            {
                return (all, fault);
            }

            all.AddRange(held.Value is { } known ? [known] : []);
        }

        return (all, null);
    }
}
