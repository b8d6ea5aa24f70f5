using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Tells the API how this node finds the upstream servers, and the log when one falls silent or comes back.</summary>
internal sealed class UpstreamHealthLog(
    UpstreamProxy proxy,
    AaaSnapshot snapshot,
    Databases databases,
    TimeProvider clock,
    ILogger<UpstreamHealthLog> log
) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);
    private readonly Guid node = Guid.NewGuid();
    private readonly HashSet<UpstreamProxy.PeerKey> unsigned = [];
    private readonly Dictionary<UpstreamProxy.PeerKey, (ServerState State, int Changes, DateTimeOffset At)> known = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        var written = DateTimeOffset.MinValue;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var changed = Look();
                if (known.Count > 0 && (changed || clock.GetUtcNow() - written >= WriteEvery))
                {
                    written = clock.GetUtcNow();
                    await WriteAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        { /* an orderly stop */
        }
    }

    private bool Look()
    {
        var changed = false;
        foreach (var (key, peer) in proxy.Peers)
        {
            if (peer.UnsignedAnswers > 0 && unsigned.Add(key))
            {
                log.LogWarning(
                    "Upstream {Name}: {Server} answers without Message-Authenticator, and these answers are not taken (CVE-2024-3596). Update it, or set require_message_authenticator to false where the way to it is safe",
                    NameOf(key),
                    key.EndPoint
                );
            }

            var figures = peer.Figures;
            if (known.TryGetValue(key, out var before) && before.Changes == figures.Changes)
            {
                continue;
            }

            known[key] = (figures.State, figures.Changes, clock.GetUtcNow());
            changed = true;
            if (figures.Changes > 0)
            {
                log.LogWarning("Upstream {Name}: {Server} is {State}", NameOf(key), key.EndPoint, figures.State);
            }
        }

        return changed;
    }

    private string NameOf(UpstreamProxy.PeerKey key) =>
        snapshot.Upstreams.All.FirstOrDefault(u => u.Id == key.UpstreamId)?.Name ?? key.UpstreamId.ToString();

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            foreach (var (key, peer) in proxy.Peers)
            {
                if (
                    snapshot.Upstreams.All.FirstOrDefault(u => u.Id == key.UpstreamId) is not { } upstream
                    || upstream.Servers.FirstOrDefault(s => s.Address.Equals(key.EndPoint.Address) && s.AuthPort == key.EndPoint.Port)
                        is not { } server
                )
                {
                    continue;
                }

                var figures = peer.Figures;
                await using var command = databases.Aaa.CreateCommand(
                    """
                    INSERT INTO radius_upstream_health (tenant_id, upstream_id, server, node_id, state, changed_at, seen_at, answered, timeouts, latency_ms)
                    VALUES ($1, $2, $3, $4, $5, $6, now(), $7, $8, $9)
                    ON CONFLICT (tenant_id, upstream_id, server, node_id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at,
                        seen_at = excluded.seen_at, answered = excluded.answered, timeouts = excluded.timeouts, latency_ms = excluded.latency_ms
                    """
                );
                command.Parameters.AddWithValue(upstream.TenantId);
                command.Parameters.AddWithValue(upstream.Id);
                command.Parameters.AddWithValue(server.ToString());
                command.Parameters.AddWithValue(node);
                command.Parameters.AddWithValue(figures.State.ToString().ToLowerInvariant());
                command.Parameters.AddWithValue(known.TryGetValue(key, out var seen) ? seen.At : clock.GetUtcNow());
                command.Parameters.AddWithValue(figures.Answers);
                command.Parameters.AddWithValue(figures.Timeouts);
                command.Parameters.AddWithValue(figures.LatencyMs);
                await command.ExecuteNonQueryAsync(ct);
            }

            await using var forget = databases.Aaa.CreateCommand(
                "DELETE FROM radius_upstream_health WHERE seen_at < now() - interval '1 day'"
            );
            await forget.ExecuteNonQueryAsync(ct);
        }
        catch (NpgsqlException e)
        {
            log.LogDebug("The health of upstreams waits for the database: {Reason}", e.Message);
        }
    }
}
