using System.Collections.Concurrent;
using DotMac.Access.Aaa.Accounting;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// The sessions that count towards Simultaneous-Use, in memory: loaded from radacct at start, then kept by the accounting records that
/// this node acknowledges. A session that was not heard of for three intervals counts no more (its NAS has lost it). An ended session is
/// remembered for a while, so that an Interim-Update that comes behind the Stop does not bring it back to life.
/// </summary>
internal sealed class LiveSessions(Databases databases, TimeProvider clock)
{
    private const int GhostIntervals = 3;
    private static readonly TimeSpan RememberEnded = TimeSpan.FromMinutes(10);

    /// <summary>Longer than any interim interval: a session that is silent for so long is over, though nobody said so.</summary>
    private static readonly TimeSpan RememberSilent = TimeSpan.FromDays(7);
    private readonly ConcurrentDictionary<(Guid Tenant, Guid Subscriber), ConcurrentDictionary<string, Live>> bySubscriber = new();

    /// <summary>Live sessions of the login, less those that this request would replace: same NAS and same Calling-Station-Id.</summary>
    public int CountOthers(Login login, Guid nasId, PacketView request)
    {
        if (!bySubscriber.TryGetValue((login.TenantId, login.SubscriberId), out var sessions))
        {
            return 0;
        }

        var oldest = Oldest(login);
        request.TryGetText(AttributeType.CallingStationId, out var station);
        var count = 0;
        foreach (var session in sessions.Values)
        {
            if (
                !session.Ended
                && session.HeardAt >= oldest
                && !(session.NasId == nasId && station is { Length: > 0 } && session.CallingStationId == station)
            )
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>The logins with a running session, each once.</summary>
    public IEnumerable<Login> Online(AaaSnapshot snapshot)
    {
        foreach (var ((tenant, subscriber), running) in bySubscriber)
        {
            if (snapshot.Find(tenant, subscriber) is not { } login)
            {
                continue;
            }

            var oldest = Oldest(login);
            if (running.Values.Any(s => !s.Ended && s.HeardAt >= oldest))
            {
                yield return login;
            }
        }
    }

    public void Follow(AccountingRecord record)
    {
        if (record.SubscriberId is not { } subscriber)
        {
            return;
        }

        var sessions = bySubscriber.GetOrAdd((record.TenantId, subscriber), static _ => new(StringComparer.Ordinal));
        var known = sessions.GetValueOrDefault(record.AcctUniqueId);
        // Only a Start makes an ended session another one (a NAS that uses its session ids again).
        if (known is not { Ended: true } || record.Status == AcctStatus.Start)
        {
            sessions[record.AcctUniqueId] = new Live(
                record.NasId,
                record.CallingStationId ?? known?.CallingStationId,
                record.ReceivedAt,
                record.Status == AcctStatus.Stop
            );
        }

        Forget(sessions, record.ReceivedAt);
    }

    /// <summary>How many sessions are kept, ended ones included.</summary>
    internal int Remembered => bySubscriber.Values.Sum(s => s.Count);

    /// <summary>What the database says of a session, which another node may have written. What this node has heard later stands.</summary>
    public void Heard(Guid tenant, Guid subscriber, string uniqueId, Guid nas, string? station, DateTimeOffset at, bool ended)
    {
        var sessions = bySubscriber.GetOrAdd((tenant, subscriber), static _ => new(StringComparer.Ordinal));
        sessions.AddOrUpdate(
            uniqueId,
            static (_, row) => row,
            static (_, known, row) =>
                known.HeardAt > row.HeardAt ? known : row with { CallingStationId = row.CallingStationId ?? known.CallingStationId },
            new Live(nas, station, at, ended)
        );
        // Here too: a subscriber who is served by other nodes alone is never followed on this one.
        Forget(sessions, clock.GetUtcNow());
    }

    private static void Forget(ConcurrentDictionary<string, Live> sessions, DateTimeOffset now)
    {
        foreach (var (id, session) in sessions)
        {
            if (session.HeardAt < now - (session.Ended ? RememberEnded : RememberSilent))
            {
                sessions.TryRemove(KeyValuePair.Create(id, session));
            }
        }
    }

    /// <summary>Accounting-On or -Off: the NAS has no sessions any more.</summary>
    public void ForgetNas(Guid nasId)
    {
        foreach (var sessions in bySubscriber.Values)
        {
            foreach (var (id, session) in sessions)
            {
                if (session.NasId == nasId)
                {
                    sessions.TryRemove(id, out _);
                }
            }
        }
    }

    public async Task LoadAsync(CancellationToken ct)
    {
        await using var command = databases.Aaa.CreateCommand(
            """
            SELECT tenant_id, subscriber_id, acctuniqueid, nas_id, callingstationid, acctupdatetime
            FROM radacct WHERE acctstoptime IS NULL AND subscriber_id IS NOT NULL AND acctupdatetime > now() - interval '7 days'
            """
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var live = new Live(
                reader.GetGuid(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                Ended: false
            );
            bySubscriber
                .GetOrAdd((reader.GetGuid(0), reader.GetGuid(1)), static _ => new(StringComparer.Ordinal))
                .TryAdd(reader.GetString(2), live);
        }
    }

    /// <summary>Before then a session must have been heard of, or it is its NAS's no more.</summary>
    private DateTimeOffset Oldest(Login login) =>
        clock.GetUtcNow() - (GhostIntervals * TimeSpan.FromSeconds(login.InterimSeconds ?? ReplyAttributes.DefaultInterimSeconds));

    private sealed record Live(Guid NasId, string? CallingStationId, DateTimeOffset HeardAt, bool Ended);
}
