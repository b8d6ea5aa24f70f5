using DotMac.Contracts.Access;
using DotMac.Contracts.External;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Finds every difference in a picture. Pure: the same picture gives the same findings.</summary>
internal static class Comparison
{
    public static IReadOnlyList<Found> Of(Picture picture)
    {
        var found = new List<Found>();
        found.AddRange(Addresses(picture));
        found.AddRange(Vlans(picture));
        var shared = Unsettled(SharedComparison.Of(picture), found);
        // The plan cannot be told that a pair is two lines': first it becomes one's.
        var paired = shared
            .Where(s => s.Kind == FindingKind.VlanPairShared)
            .SelectMany(s => new[] { s.SubjectId, s.Facts.OtherId })
            .ToHashSet();
        found.RemoveAll(f => f.Kind is FindingKind.VlanNotInPlan or FindingKind.WrongVlan && paired.Contains(f.SubjectId));
        found.AddRange(shared);
        found.AddRange(OnuComparison.Of(picture));
        found.AddRange(SessionComparison.Of(picture));
        found.AddRange(Accounts(picture));
        return
        [
            .. found
                .Where(f => f.SubjectId is not { } id || !picture.Busy.Contains(id))
                .Where(f => f.Facts.OtherId is not { } id || !picture.Busy.Contains(id))
                .DistinctBy(f => f.Fingerprint, StringComparer.Ordinal),
        ];
    }

    /// <summary>What two lines share and nothing else tells: one that the plan holds for the other of them is taken off a line by its own repair.</summary>
    private static List<Found> Unsettled(IEnumerable<Found> shared, List<Found> found)
    {
        var settled = found.Where(f => f.Kind == FindingKind.AddressHeldTwice).Select(f => (f.SubjectId, f.Key)).ToHashSet();
        return [.. shared.Where(s => !settled.Contains((s.SubjectId, s.Key)) && !settled.Contains((s.Facts.OtherId, s.Key)))];
    }

    private static IEnumerable<Found> Addresses(Picture picture)
    {
        if (picture.Holdings is null)
        {
            yield break;
        }

        var holderOf = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var heldBy = new Dictionary<(Guid, AddressKind), HeldAddress>();
        // Between old and new: what is to be done there is the change's own, its next steps or its repair task.
        var changed = new HashSet<(Guid, AddressKind)>();
        foreach (var held in picture.Holdings.SelectMany(h => h.Addresses).Where(h => h.State is not AddressState.Revoked))
        {
            holderOf[held.Network.ToString()] = picture.Behind(held.OwnerId);
            heldBy[(held.OwnerId, held.Kind)] = held;
            if (picture.Changing.TryGetValue(held.OwnerId, out var changing))
            {
                changed.Add((changing, held.Kind));
            }
            else if (!picture.Lines.ContainsKey(held.OwnerId))
            {
                yield return Leaked(held);
            }
        }

        foreach (var line in picture.Lines.Values)
        {
            foreach (var kind in Enum.GetValues<AddressKind>().Where(k => !changed.Contains((line.Id, k))))
            {
                if (OfLine(line, kind, line.Of(kind), heldBy.GetValueOrDefault((line.Id, kind)), holderOf, picture) is { } found)
                {
                    yield return found;
                }
            }
        }
    }

    private static Found Leaked(HeldAddress held) =>
        new(
            FindingKind.LeakedAddress,
            held.OwnerId,
            "nobody",
            held.Network.ToString(),
            $"The address plan holds {held.Network} for a subscriber that is not there any more.",
            "free",
            $"held as {Words.Of(held.State)}",
            null,
            $"Give {held.Network} back to the address plan; it rests as its pool says.",
            new FindingFacts
            {
                AddressKind = held.Kind,
                Held = held.Network.ToString(),
                HoldKey = held.Key,
            }
        );

    private static Found? OfLine(
        WantedLine line,
        AddressKind kind,
        string? wanted,
        HeldAddress? held,
        Dictionary<string, Guid> holderOf,
        Picture picture
    )
    {
        var own = held?.Network.ToString();
        if (wanted == own || (wanted is null && !line.IsServed))
        {
            return null;
        }

        var facts = new FindingFacts
        {
            AddressKind = kind,
            Held = own,
            HoldKey = held?.Key,
            Wanted = wanted,
        };
        if (wanted is not null && holderOf.TryGetValue(wanted, out var other) && other != line.Id)
        {
            var otherName = picture.Lines.TryGetValue(other, out var otherLine) ? otherLine.Number : "somebody who is gone";
            return new Found(
                FindingKind.AddressHeldTwice,
                line.Id,
                line.Number,
                wanted,
                $"{line.Number} has {wanted} on its line, and the address plan holds it for {otherName}.",
                wanted,
                $"held for {otherName}",
                null,
                otherLine is null ? null : $"Take {wanted} off the line of {line.Number}; {otherName} keeps it.",
                facts with
                {
                    OtherId = other,
                }
            );
        }

        if (own is null)
        {
            return line.IsServed
                ? new Found(
                    FindingKind.AddressNotInPlan,
                    line.Id,
                    line.Number,
                    wanted!,
                    $"{line.Number} is served with {wanted}, of which the address plan does not know.",
                    wanted,
                    "not held",
                    null,
                    $"Tell the address plan that {line.Number} holds {wanted}.",
                    facts
                )
                : null;
        }

        return new Found(
            FindingKind.AddressDiffers,
            line.Id,
            line.Number,
            own,
            wanted is null
                ? $"The address plan holds {own} for {line.Number}, whose line does not use it."
                : $"The address plan holds {own} for {line.Number}, whose line has {wanted}.",
            wanted ?? "none",
            own,
            null,
            wanted is null
                ? $"Give {own} back to the address plan."
                : $"Give {own} back, and tell the address plan that {line.Number} holds {wanted}.",
            facts
        );
    }

    private static IEnumerable<Found> Vlans(Picture picture)
    {
        var all = (picture.Holdings ?? []).SelectMany(h => h.Vlans).ToList();
        var changed = all.Where(v => picture.Changing.ContainsKey(v.OwnerId)).Select(v => picture.Behind(v.OwnerId)).ToHashSet();
        foreach (var held in all.Where(v => !picture.Changing.ContainsKey(v.OwnerId) && !changed.Contains(v.OwnerId)))
        {
            var tags = Tags(held.ServiceVlan, held.InnerVlan);
            var facts = new FindingFacts
            {
                HoldKey = held.Key,
                Held = tags,
                ServiceVlan = picture.Lines.GetValueOrDefault(held.OwnerId)?.ServiceVlan,
                InnerVlan = picture.Lines.GetValueOrDefault(held.OwnerId)?.InnerInForce,
                SiteId = picture.Lines.GetValueOrDefault(held.OwnerId)?.SiteId,
            };
            if (!picture.Lines.TryGetValue(held.OwnerId, out var line))
            {
                yield return new Found(
                    FindingKind.LeakedVlan,
                    held.OwnerId,
                    "nobody",
                    tags,
                    $"The address plan holds VLAN {tags} for a subscriber that is not there any more.",
                    "free",
                    tags,
                    null,
                    $"Give VLAN {tags} back to the address plan.",
                    facts
                );
            }
            else if (line.ServiceVlan != held.ServiceVlan || (held.InnerVlan != line.InnerInForce && held.InnerVlan != line.InnerVlan))
            {
                var wanted = line.ServiceVlan is null ? "none" : Tags(line.ServiceVlan, line.InnerInForce);
                yield return new Found(
                    FindingKind.WrongVlan,
                    line.Id,
                    line.Number,
                    tags,
                    $"The address plan holds VLAN {tags} for {line.Number}, whose line has {wanted}.",
                    wanted,
                    tags,
                    null,
                    line.ServiceVlan is null
                        ? $"Give VLAN {tags} back to the address plan."
                        : $"Give VLAN {tags} back, and tell the address plan that {line.Number} holds {wanted}.",
                    facts with
                    {
                        Wanted = wanted,
                    }
                );
            }
        }

        if (picture.Holdings is null)
        {
            yield break;
        }

        var holders = all.Select(v => v.OwnerId).ToHashSet();
        foreach (var line in picture.Lines.Values)
        {
            if (line.IsServed && line.ServiceVlan is not null && !holders.Contains(line.Id) && !changed.Contains(line.Id))
            {
                yield return Unknown(line, Tags(line.ServiceVlan, line.InnerInForce));
            }
        }
    }

    private static Found Unknown(WantedLine line, string tags) =>
        new(
            FindingKind.VlanNotInPlan,
            line.Id,
            line.Number,
            tags,
            $"{line.Number} is served with VLAN {tags}, of which the address plan does not know.",
            tags,
            "not held",
            null,
            $"Tell the address plan that {line.Number} holds VLAN {tags}.",
            new FindingFacts
            {
                Wanted = tags,
                ServiceVlan = line.ServiceVlan,
                InnerVlan = line.InnerInForce,
                SiteId = line.SiteId,
            }
        );

    private static IEnumerable<Found> Accounts(Picture picture)
    {
        foreach (var line in picture.Lines.Values.Where(l => l.IsServed && l.Status == SubscriberStatus.Pending))
        {
            yield return new Found(
                FindingKind.AaaAccountMissing,
                line.Id,
                line.Number,
                "account",
                $"{line.Number} is in service, and RADIUS refuses it as one that is still being provisioned.",
                "accepted",
                "pending",
                null,
                $"Make {line.Number} active, so that RADIUS lets it in.",
                new FindingFacts { ServiceId = line.ServiceId }
            );
        }

        foreach (var drift in picture.LoginDrift.DistinctBy(d => d.SubscriberId))
        {
            var label = picture.Lines.TryGetValue(drift.SubscriberId, out var line) ? line.Number : drift.Name;
            yield return new Found(
                FindingKind.FreeRadiusDrift,
                drift.SubscriberId,
                label,
                "freeradius",
                $"FreeRADIUS's {drift.Table} is not what the line of {label} says: rows are {drift.Problem}.",
                "as the line says",
                $"{drift.Problem} in {drift.Table}",
                null,
                $"Write the rows of {label} anew.",
                new FindingFacts()
            );
        }

        foreach (var service in picture.StrayInstances)
        {
            yield return new Found(
                FindingKind.ServiceWithoutSubscriber,
                service.SubscriberId,
                service.ServiceIdentifier,
                service.Id.ToString(),
                $"The service {service.ServiceIdentifier} is in service and charged for, and its subscriber is gone.",
                "terminated",
                "in service",
                null,
                "End the charges and the service.",
                new FindingFacts { ServiceId = service.Id }
            );
        }
    }

    public static string Tags(int? serviceVlan, int? innerVlan) =>
        (serviceVlan, innerVlan) switch
        {
            (null, _) => "none",
            (_, null) => $"{serviceVlan}",
            _ => $"{serviceVlan}.{innerVlan}",
        };
}
