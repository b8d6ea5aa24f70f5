using System.Collections.Frozen;
using Dapper;
using DotMac.Access.Aaa.Proxy;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>
/// Keeps the snapshot true: loads it at start, follows <c>NOTIFY dotmac_aaa</c> (in force well within a second), and compares versions
/// every minute and after every lost connection, because a notification can be lost with its connection. While the database is away
/// the snapshot stays as it is and goes on serving.
/// </summary>
internal sealed class SnapshotFeed(
    AaaSnapshot snapshot,
    Databases databases,
    SnapshotRows rows,
    UpstreamRows upstreams,
    SnapshotImage image,
    TimeProvider clock,
    ILogger<SnapshotFeed> log
) : BackgroundService
{
    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);
    private readonly Queue<string> notifications = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!snapshot.IsLoaded && image.Load(snapshot) is { } confirmedAt)
                {
                    snapshot.ServeFromImage(confirmedAt);
                    log.LogWarning(
                        "The database is away: {Logins} logins are served from the image on disk, which equalled the database at {ConfirmedAt:u}",
                        snapshot.LoginCount,
                        confirmedAt
                    );
                }

                log.LogWarning(
                    "The AAA snapshot waits for the database ({Reason}); {Logins} logins stay in force",
                    e.Message,
                    snapshot.LoginCount
                );
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        await using var listener = await databases.Aaa.OpenConnectionAsync(ct);
        listener.Notification += (_, message) => notifications.Enqueue(message.Payload);
        // Listening starts before the load: what changes in between is read twice rather than never.
        await listener.ExecuteAsync(new CommandDefinition("LISTEN dotmac_aaa", cancellationToken: ct));
        var isFirst = !snapshot.IsFromDatabase;
        await ReconcileAsync(ct, everything: isFirst);
        snapshot.Confirm(clock.GetUtcNow());
        if (isFirst)
        {
            log.LogInformation("AAA snapshot loaded: {Logins} logins, {Nas} NAS", snapshot.LoginCount, snapshot.Nas.All.Count);
        }

        var reconciledAt = clock.GetTimestamp();
        var appliedAt = reconciledAt;
        while (true)
        {
            await listener.WaitAsync(TimeSpan.FromSeconds(5), ct);
            await listener.GatherAsync(Breath, appliedAt, clock, ct);
            await ApplyNotificationsAsync(ct);
            appliedAt = clock.GetTimestamp();
            snapshot.Confirm(clock.GetUtcNow());
            if (clock.GetElapsedTime(reconciledAt) >= ReconcileEvery)
            {
                await ReconcileAsync(ct);
                reconciledAt = clock.GetTimestamp();
            }
        }
    }

    private async Task ApplyNotificationsAsync(CancellationToken ct)
    {
        var logins = new HashSet<(Guid Tenant, Guid Id)>();
        var (allLogins, nas, profiles, ways, flags) = (false, false, false, false, false);
        while (notifications.TryDequeue(out var payload))
        {
            var words = payload.Split(' ');
            switch (words)
            {
                case ["nas", ..]:
                    nas = true;
                    break;
                case ["radius_bandwidth_profiles", ..]:
                    profiles = true;
                    break;
                case ["radius_upstreams", ..]:
                    ways = true;
                    break;
                case ["tenant_flags", ..]:
                    flags = true;
                    break;
                case ["subscribers", var tenant, var id] when Guid.TryParse(tenant, out var t) && Guid.TryParse(id, out var i):
                    logins.Add((t, i));
                    break;
                case ["subscribers", "all"]:
                    allLogins = true;
                    break;
                default:
                    break; // anybody with a connection can notify: what no trigger of ours says moves nothing
            }
        }

        if (nas)
        {
            await LoadNasAsync(ct);
        }

        if (profiles)
        {
            await LoadRatesAsync(ct);
        }

        if (ways)
        {
            snapshot.Upstreams = await upstreams.ReadAsync(ct);
        }

        if (flags)
        {
            snapshot.SetFlags(await rows.FlagsAsync(ct));
        }

        if (allLogins)
        {
            await ReconcileLoginsAsync(ct);
        }
        else if (logins.Count > 0)
        {
            await ReadAsync(logins, ct);
        }
    }

    /// <summary>Makes the snapshot equal to the database, reading only the logins whose version differs.</summary>
    /// <param name="everything">Reads all logins: an image of an older build may lack fields that this one knows.</param>
    internal async Task ReconcileAsync(CancellationToken ct, bool everything = false)
    {
        snapshot.SetFlags(await rows.FlagsAsync(ct));
        await LoadRatesAsync(ct);
        await LoadNasAsync(ct);
        snapshot.Upstreams = await upstreams.ReadAsync(ct);
        await ReconcileLoginsAsync(ct, everything);
    }

    private async Task ReconcileLoginsAsync(CancellationToken ct, bool everything = false)
    {
        var gone = snapshot.Logins.ToDictionary(l => (l.TenantId, l.SubscriberId), l => l.Version);
        var stale = new HashSet<(Guid, Guid)>();
        await foreach (var (tenant, id, version) in rows.VersionsAsync(ct))
        {
            if (!gone.Remove((tenant, id), out var known) || known != version || everything)
            {
                stale.Add((tenant, id));
            }
        }

        foreach (var (tenant, id) in gone.Keys)
        {
            snapshot.Remove(tenant, id);
        }

        await ReadAsync(stale, ct);
    }

    private async Task ReadAsync(HashSet<(Guid Tenant, Guid Id)> wanted, CancellationToken ct)
    {
        foreach (var some in wanted.Chunk(5_000))
        {
            var missing = some.ToHashSet();
            await foreach (var login in rows.LoginsAsync(some, ct))
            {
                snapshot.Put(login);
                missing.Remove((login.TenantId, login.SubscriberId));
            }

            foreach (var (tenant, id) in missing)
            {
                snapshot.Remove(tenant, id);
            }
        }
    }

    private async Task LoadNasAsync(CancellationToken ct)
    {
        // A NAS keeps what it was seen to do: a reload must not open the door to unsigned requests again.
        var signed = snapshot.Nas.All.ToDictionary(n => n.Id, n => n.Signing);
        var loaded = await rows.NasAsync(ct);
        snapshot.Nas = new NasTable([.. loaded.Select(n => signed.TryGetValue(n.Id, out var seen) ? n with { Signing = seen } : n)]);
    }

    private async Task LoadRatesAsync(CancellationToken ct) => snapshot.Rates = (await rows.RatesAsync(ct)).ToFrozenDictionary(r => r.Id);
}
