using DotMac.Contracts.Access;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>What runs, against who may run and with what. Pure.</summary>
internal static class SessionComparison
{
    private const string Drop = "Disconnect the subscriber's sessions; what signs on anew gets what the line says.";

    public static IEnumerable<Found> Of(Picture picture)
    {
        var holderOf = (picture.Holdings ?? [])
            .SelectMany(h => h.Addresses)
            .GroupBy(a => a.Network.ToString(), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => picture.Behind(g.First().OwnerId), StringComparer.Ordinal);
        foreach (var session in picture.Sessions)
        {
            if (session.SubscriberId is not { } id)
            {
                continue;
            }

            if (
                !picture.Lines.TryGetValue(id, out var line) || line.Status is SubscriberStatus.Disconnected or SubscriberStatus.Quarantined
            )
            {
                yield return WithoutRight(session, id, line);
            }
            else if (Foreign(line, session, holderOf) is { } foreign)
            {
                yield return foreign;
            }
        }
    }

    private static Found WithoutRight(SeenSession session, Guid id, WantedLine? line)
    {
        var state = line is null ? "gone" : Words.Of(line.Status);
        return new Found(
            FindingKind.SessionWithoutRight,
            id,
            line?.Number ?? session.Username ?? "nobody",
            session.AcctUniqueId,
            $"{line?.Number ?? session.Username} is online, and is {state}.",
            "offline",
            state,
            "online",
            Drop,
            new FindingFacts { SessionId = session.AcctUniqueId }
        )
        {
            ObservedAt = session.SeenAt,
        };
    }

    private static Found? Foreign(WantedLine line, SeenSession session, Dictionary<string, Guid> holderOf)
    {
        foreach (var (seen, wanted) in new[] { (session.Ipv4, line.Ipv4), (session.DelegatedPrefix, line.DelegatedPrefix) })
        {
            if (seen is null || seen == wanted)
            {
                continue;
            }

            Guid? other = holderOf.TryGetValue(seen, out var holder) && holder != line.Id ? holder : null;
            // A line without an address of its own gets one from its NAS; that is nobody's business unless it is somebody's.
            if (wanted is null && other is null)
            {
                continue;
            }

            return new Found(
                FindingKind.SessionForeignAddress,
                line.Id,
                line.Number,
                seen,
                other is null
                    ? $"{line.Number} is online with {seen}; its line has {wanted}."
                    : $"{line.Number} is online with {seen}, which the address plan holds for somebody else.",
                wanted ?? "none of its own",
                wanted,
                seen,
                Drop,
                new FindingFacts
                {
                    SessionId = session.AcctUniqueId,
                    Held = seen,
                    OtherId = other,
                }
            )
            {
                ObservedAt = session.SeenAt,
            };
        }

        return null;
    }
}
