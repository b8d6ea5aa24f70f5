using Dapper;
using DotMac.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.FreeRadius;

/// <summary>
/// Follows the changes of logins, profiles and NAS and brings the projections up to date; compares them whole at the start, after a lost
/// connection and every five minutes. One node works at a time; another takes over when it is gone.
/// </summary>
internal sealed class ProjectionWorker(Databases databases, Projection projection, TimeProvider clock, ILogger<ProjectionWorker> log)
    : BackgroundService
{
    /// <summary>Held by the session that works.</summary>
    private const long WorkLock = 0x66726164697573;
    private static readonly TimeSpan ReconcileEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Queue<string> notifications = new();
    private List<Guid> tenants = [];

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
                log.LogWarning("The projection for FreeRADIUS waits for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        await using var listener = await databases.Aaa.OpenConnectionAsync(ct);
        notifications.Clear();
        listener.Notification += (_, message) => notifications.Enqueue(message.Payload);
        while (!await TakeLockAsync(listener, ct))
        {
            await Task.Delay(Patience, clock, ct);
        }

        try
        {
            await listener.ExecuteAsync(new CommandDefinition("LISTEN dotmac_aaa; LISTEN dotmac_freeradius", cancellationToken: ct));
            await ReconcileAllAsync(ct);
            var reconciledAt = clock.GetTimestamp();
            while (true)
            {
                await listener.WaitAsync(Patience, ct);
                await ApplyAsync(ct);
                if (clock.GetElapsedTime(reconciledAt) >= ReconcileEvery)
                {
                    await ReconcileAllAsync(ct);
                    reconciledAt = clock.GetTimestamp();
                }
            }
        }
        finally
        {
            // The connection goes back to the pool, where it must neither hold the lock nor listen.
            await NpgsqlConnectionEnd.CloseAsync(listener);
        }
    }

    private async Task ApplyAsync(CancellationToken ct)
    {
        // Who switches this way on says so: changes of logins alone, of which there are many, bring no new tenant.
        if (!notifications.All(n => n.StartsWith("subscribers ", StringComparison.Ordinal)))
        {
            tenants = await projection.TenantsAsync(ct);
        }

        if (tenants.Count == 0)
        {
            notifications.Clear();
            return;
        }

        var logins = new Dictionary<Guid, HashSet<Guid>>();
        var whole = new HashSet<Guid>();
        while (notifications.TryDequeue(out var payload))
        {
            switch (payload.Split(' '))
            {
                case ["subscribers", var tenant, var id] when Guid.TryParse(tenant, out var t) && Guid.TryParse(id, out var i):
                    if (!logins.TryGetValue(t, out var some))
                    {
                        logins[t] = some = [];
                    }

                    some.Add(i);
                    break;
                case [_, var tenant, _] when Guid.TryParse(tenant, out var t):
                    whole.Add(t);
                    break;
                case [var tenant] when Guid.TryParse(tenant, out var t):
                    whole.Add(t);
                    break;
                default:
                    whole.UnionWith(tenants);
                    break;
            }
        }

        foreach (var tenant in whole.Intersect(tenants))
        {
            await ReconcileAsync(tenant, ct);
        }

        foreach (var (tenant, some) in logins.Where(l => tenants.Contains(l.Key) && !whole.Contains(l.Key)))
        {
            await projection.UpdateAsync(tenant, some, ct);
        }
    }

    private async Task ReconcileAllAsync(CancellationToken ct)
    {
        tenants = await projection.TenantsAsync(ct);
        foreach (var tenant in tenants)
        {
            await ReconcileAsync(tenant, ct);
        }
    }

    private async Task ReconcileAsync(Guid tenant, CancellationToken ct)
    {
        var drift = await projection.ReconcileAsync(tenant, ct);
        if (drift.Total > 0)
        {
            log.LogInformation(
                "FreeRADIUS projection of tenant {Tenant}: {Count} of {Logins} logins and NAS brought up to date",
                tenant,
                drift.Total,
                drift.Logins
            );
        }
    }

    private static async Task<bool> TakeLockAsync(NpgsqlConnection connection, CancellationToken ct) =>
        await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition("SELECT pg_try_advisory_lock(@WorkLock)", new { WorkLock }, cancellationToken: ct)
        );
}

/// <summary>Ends what a connection did beyond its transactions before the pool gives it to somebody else.</summary>
internal static class NpgsqlConnectionEnd
{
    public static async Task CloseAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.ExecuteAsync("UNLISTEN *; SELECT pg_advisory_unlock_all()");
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // It is broken: its session, and with it the lock, is gone.
        }
    }
}
