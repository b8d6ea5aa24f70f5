using System.Collections.Concurrent;
using System.Threading.Channels;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Kernel.Data;

/// <summary>
/// Tells who watches a tenant's rows that some have changed (<c>NOTIFY</c> on a channel, payload the tenant). One connection for the whole
/// process and channel, held only while somebody watches.
/// </summary>
/// <param name="channel">A name from the code, never from outside.</param>
public abstract class TenantChanges(string channel, Databases databases, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Watch, bool> watches = new();
    private readonly Lock gate = new();
    private Task listening = Task.CompletedTask;

    public Watch Start(Guid tenantId)
    {
        var watch = new Watch(this, tenantId);
        lock (gate)
        {
            watches[watch] = true;
            if (listening.IsCompleted)
            {
                listening = Task.Run(ListenAsync);
            }
        }

        return watch;
    }

    private async Task ListenAsync()
    {
        var stopping = lifetime.ApplicationStopping;
        while (!stopping.IsCancellationRequested && !IsIdle())
        {
            try
            {
                await using var connection = await databases.OpenListenerAsync(stopping);
                connection.Notification += (_, change) => Wake(change.Payload);
                await connection.ExecuteAsync(new CommandDefinition("LISTEN " + channel, cancellationToken: stopping));
                // What changed while nobody listened is found by looking.
                Wake(null);
                while (!IsIdle())
                {
                    await connection.WaitAsync(Look, stopping);
                }

                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or TimeoutException or IOException)
            {
                log.LogWarning("Live changes ({Channel}) wait for the database: {Reason}", channel, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool IsIdle()
    {
        lock (gate)
        {
            if (!watches.IsEmpty)
            {
                return false;
            }

            // The next watch starts a new listener even while this one is closing.
            listening = Task.CompletedTask;
            return true;
        }
    }

    private void Wake(string? tenant)
    {
        foreach (var watch in watches.Keys)
        {
            if (tenant is null || (Guid.TryParse(tenant, out var id) && id == watch.TenantId))
            {
                watch.Signal();
            }
        }
    }

    /// <summary>One watcher of one tenant. Several changes before it looks are one signal.</summary>
    public sealed class Watch : IDisposable
    {
        private readonly TenantChanges owner;

        private readonly Channel<bool> signals = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );

        internal Watch(TenantChanges owner, Guid tenantId) => (this.owner, TenantId) = (owner, tenantId);

        public Guid TenantId { get; }

        public void Signal() => signals.Writer.TryWrite(true);

        /// <summary>True when something changed, false when the time went by.</summary>
        public async Task<bool> WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken ct)
        {
            using var timeout = new CancellationTokenSource(longest > TimeSpan.Zero ? longest : TimeSpan.Zero, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
            try
            {
                return await signals.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        public void Dispose() => owner.watches.TryRemove(this, out _);
    }
}
