using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Asks the tenant's address plan for a line's addresses and writes the answer to the profile. A plan in our database takes part in the
/// transaction; one that is called over the network is called between two, and what it handed out is found again by its owner.
/// </summary>
internal sealed class LineAddresses(
    AccessDb db,
    UnitOfWork work,
    LineWriter lines,
    Drivers drivers,
    ITenantFlags flags,
    AuditTrail audit,
    StaticAddressBypass bypass,
    TimeProvider clock
)
{
    /// <summary>What came of asking the plan.</summary>
    /// <param name="Bypassed">Static ones that no pool of the plan vouches for.</param>
    private sealed record Given(
        List<HeldAddress> Addresses,
        RoleFault? Fault,
        bool IsConfigured = true,
        IReadOnlyList<AddressNeed>? Bypassed = null
    );

    public async Task<AddressStatusView> ShowAsync(Line line, AddressFamilyKind family, CancellationToken ct)
    {
        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var id = line.Subscriber.Id;
        var held = await CallAsync(plan, () => plan.HeldByAsync(id, ct), ct);
        return AddressStatusView.Of(
            plan.CallsOut ? (await lines.FindAsync(id, ct))! : line,
            family,
            held.IsConfigured ? plan.Driver : "none",
            held.Value?.Addresses ?? [],
            held.Fault
        );
    }

    /// <summary>From pending (or failed) to allocated. What is allocated already stays as it is.</summary>
    public async Task<Result<Line>> AllocateAsync(Line line, AddressFamilyKind family, CancellationToken ct)
    {
        var id = line.Subscriber.Id;
        if (line.Profile is { } stored && stored.StateOf(family) == AddressState.Allocated)
        {
            return line;
        }

        if (line.Profile is { } before && before.StateOf(family) == AddressState.Failed)
        {
            _ = before.Move(family, AddressState.Pending, clock.GetUtcNow());
        }

        var from = line.Profile?.StateOf(family) ?? AddressState.Pending;
        if (!from.MayBecome(AddressState.Allocated))
        {
            return NetworkProfileErrors.TransitionRefused(family, from, AddressState.Allocated);
        }

        var set = await flags.ReadAsync(ct);
        var needs = Needs(line, family, set);
        if (needs.Error is { } refusal)
        {
            return refusal;
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var given = await CallAsync(plan, () => AskAsync(plan, line, needs.Value, set, ct), ct);
        if (plan.CallsOut)
        {
            line = (await lines.FindAsync(id, ct))!;
        }

        if (given.Fault is { } fault)
        {
            // What may pass leaves no trace: what a plan outside has given by then is found again by its owner.
            return fault.MayPass ? NetworkProfileErrors.PlanRefused(fault) : await FailAsync(line, family, fault, ct);
        }

        if (!given.IsConfigured && given.Addresses.Count < needs.Value.Count)
        {
            return NetworkProfileErrors.PlanNotConfigured;
        }

        if (
            await lines.SetAsync(line, given.Addresses.Aggregate(line.Facts, (facts, held) => facts.With(held)), PairOrigin.Chosen, ct) is
            { } taken
        )
        {
            return taken;
        }

        if (line.Profile!.Move(family, AddressState.Allocated, clock.GetUtcNow()) is { } refused)
        {
            return refused;
        }

        foreach (var need in given.Bypassed ?? [])
        {
            bypass.Note(id, need.Kind, need.Static!.Value, runId: null, serviceId: null);
            audit.Note("network_profile.static_ip_bypass", LineWriter.Entity, id.ToString(), after: ProfileText.Of(line.Facts));
        }

        return await lines.SaveAsync(line, ct) is { } error ? error : line;
    }

    /// <summary>Gives what the plan holds back, and takes the addresses out of the profile.</summary>
    public async Task<Result<Line>> RevokeAsync(Line line, AddressFamilyKind family, CancellationToken ct)
    {
        var id = line.Subscriber.Id;
        if (line.Profile is not { } profile)
        {
            return NetworkProfileErrors.NotFound;
        }

        if (profile.StateOf(family) == AddressState.Revoked)
        {
            return line;
        }

        if (profile.StateOf(family) != AddressState.Revoking)
        {
            if (profile.Move(family, AddressState.Revoking, clock.GetUtcNow()) is { } refused)
            {
                return refused;
            }

            if (await lines.SaveAsync(line, ct) is { } error)
            {
                return error;
            }
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var fault = await CallAsync(plan, () => ReleaseAsync(plan, id, family, ct), ct);
        if (plan.CallsOut)
        {
            line = (await lines.FindAsync(id, ct))!;
        }

        if (fault is not null)
        {
            // It stays "revoking" when that may pass: asked again it goes on from there.
            return await FailAsync(line, family, fault, ct);
        }

        line.ClearAddresses(family);
        return line.Profile!.Move(family, AddressState.Revoked, clock.GetUtcNow()) is { } impossible ? impossible
            : await lines.SaveAsync(line, ct) is { } lost ? lost
            : line;
    }

    /// <summary>What the plan refuses for good has failed, and is begun anew from pending; what may pass stays where it is.</summary>
    private async Task<Error> FailAsync(Line line, AddressFamilyKind family, RoleFault fault, CancellationToken ct)
    {
        work.KeepsOnRefusal = true;
        if (!fault.MayPass && line.Profile is { } profile && profile.Move(family, AddressState.Failed, clock.GetUtcNow()) is null)
        {
            return await lines.SaveAsync(line, ct) ?? NetworkProfileErrors.PlanRefused(fault);
        }

        return NetworkProfileErrors.PlanRefused(fault);
    }

    /// <summary>Moves the profile's state, and the plan's where it holds something.</summary>
    public async Task<Result<Line>> MoveAsync(Line line, AddressFamilyKind family, AddressState from, AddressState to, CancellationToken ct)
    {
        var id = line.Subscriber.Id;
        if (line.Profile is not { } profile)
        {
            return NetworkProfileErrors.NotFound;
        }

        // "Activate" is not "resume": a suspended address is not to wake because somebody activates it once more.
        if (profile.StateOf(family) is var now && now != to && now != from)
        {
            return NetworkProfileErrors.TransitionRefused(family, now, to);
        }

        if (profile.Move(family, to, clock.GetUtcNow()) is { } refused)
        {
            return refused;
        }

        if (await lines.SaveAsync(line, ct) is { } error)
        {
            return error;
        }

        var plan = await drivers.ForAsync<IAddressPlan>(ct);
        var fault = await CallAsync(plan, () => FollowAsync(plan, id, family, to, ct), ct);
        return fault is null ? line : NetworkProfileErrors.PlanRefused(fault);
    }

    /// <summary>What somebody who asks for this family's addresses gets: also where a pool on the NAS would serve.</summary>
    private static Result<IReadOnlyList<AddressNeed>> Needs(Line line, AddressFamilyKind family, TenantFlags set)
    {
        var facts = line.Facts with { NasIpv4Pool = null, NasIpv6Pool = null, NasPdPool = null };
        List<AddressNeed> needs = [.. AddressNeeds.Of(facts, set).Where(n => n.Kind.Family() == family)];
        return needs.Count > 0 ? needs
            : facts.Ipv6Mode == Ipv6Mode.Pd ? NetworkProfileErrors.PdSwitchedOff
            : NetworkProfileErrors.NoIpv6Mode;
    }

    /// <summary>Whatever the plan holds for the owner already is taken; only the rest is asked for. Refused, it gives back what it took.</summary>
    private async Task<Given> AskAsync(
        IAddressPlan plan,
        Line line,
        IReadOnlyList<AddressNeed> needs,
        TenantFlags set,
        CancellationToken ct
    )
    {
        var owner = line.Subscriber.Id;
        var known = await plan.HeldByAsync(owner, ct);
        if (known.Fault is { } silent)
        {
            return new([], silent);
        }

        var attempt = Guid.CreateVersion7(clock.GetUtcNow());
        var isBypass = set.IsOn(TenantFlag.StaticIpBypass);
        var (given, taken, bypassed) = (new List<HeldAddress>(), new List<HeldAddress>(), new List<AddressNeed>());
        foreach (var need in needs)
        {
            // What is only kept for the line (pending) is asked for, so that it is used up.
            var held = known.Value?.Addresses.FirstOrDefault(a =>
                a.Kind == need.Kind && a.State is not (AddressState.Revoked or AddressState.Pending)
            );
            if (held is not null && (need.Static is null || need.Static == held.Network))
            {
                given.Add(held);
                continue;
            }

            var key = $"line/{owner:N}/{Words.Of(need.Kind)}/{attempt:N}";
            var order = need.ToOrder(key, owner, line.Subscriber.SubscriberNumber, line.Facts.SiteId);
            var answer = known.IsConfigured ? await plan.AllocateAsync(order, ct) : RoleAnswer<HeldAddress>.NotConfigured;
            if (answer.Value is { } address)
            {
                taken.Add(address);
            }

            if ((answer.Fault ?? (answer.Value is { } got ? need.Refusal(got, set) : null)) is { } fault)
            {
                foreach (var back in fault.MayPass ? [] : taken)
                {
                    await plan.ReleaseAsync(back.Key, owner, ct);
                }

                return new(given, fault);
            }

            if (answer.Value is { } mine)
            {
                given.Add(mine);
            }
            else if (need.IsStatic && isBypass)
            {
                // No plan: a static address is as good as it was given.
                given.Add(new HeldAddress(key, owner, need.Kind, need.Static!.Value, AddressState.Allocated));
            }

            if (need.IsStatic && isBypass && answer.Value?.Pool is null)
            {
                bypassed.Add(need);
            }
        }

        return new(given, null, known.IsConfigured, bypassed);
    }

    private static async Task<RoleFault?> ReleaseAsync(IAddressPlan plan, Guid owner, AddressFamilyKind family, CancellationToken ct)
    {
        var known = await plan.HeldByAsync(owner, ct);
        foreach (var held in (known.Value?.Addresses ?? []).Where(a => a.Kind == AddressKind.Ipv4 == (family == AddressFamilyKind.Ipv4)))
        {
            if ((await plan.ReleaseAsync(held.Key, owner, ct)).Fault is { } fault)
            {
                return fault;
            }
        }

        return known.Fault;
    }

    private static async Task<RoleFault?> FollowAsync(
        IAddressPlan plan,
        Guid owner,
        AddressFamilyKind family,
        AddressState to,
        CancellationToken ct
    )
    {
        var known = await plan.HeldByAsync(owner, ct);
        foreach (var held in (known.Value?.Addresses ?? []).Where(a => a.Kind == AddressKind.Ipv4 == (family == AddressFamilyKind.Ipv4)))
        {
            if (held.State != to && (await plan.MoveAsync(owner, held.Kind, to, ct)).Fault is { } fault)
            {
                return fault;
            }
        }

        return known.Fault;
    }

    private Task<T> CallAsync<T>(IAddressPlan plan, Func<Task<T>> call, CancellationToken ct) =>
        plan.CallsOut ? db.OutsideAsync(work, call, ct) : call();
}
