using System.Net;
using DotMac.Access.Aaa.Accounting;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Server;
using DotMac.Radius.Tls;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa;

/// <summary>Opens the two RADIUS listeners once the snapshot is loaded, and closes them first of all on a stop.</summary>
internal sealed class AaaRole(
    AaaOptions options,
    AaaSnapshot snapshot,
    LiveSessions sessions,
    AuthenticationHandler authentication,
    AccountingHandler accounting,
    RadSecDoor radSec,
    AccountingProjector projector,
    TimeProvider clock,
    ILogger<AaaRole> log
) : BackgroundService, IHealthCheck
{
    /// <summary>The snapshot is confirmed every five seconds.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan JournalPatience = TimeSpan.FromSeconds(10);
    private RadiusListener? auth;
    private RadiusListener? acct;
    private RadSecListener? tls;
    private bool listening;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await Task.FromResult(
            !listening ? HealthCheckResult.Unhealthy("The RADIUS listeners are not open yet")
            : clock.GetUtcNow() - snapshot.ConfirmedAt is var age && age < Stale && snapshot.IsFromDatabase
                ? HealthCheckResult.Healthy($"UDP {auth!.BoundPort} and {acct!.BoundPort}, {snapshot.LoginCount} logins")
            : HealthCheckResult.Degraded(
                $"UDP {auth!.BoundPort} and {acct!.BoundPort}, {snapshot.LoginCount} logins as they were {age.TotalSeconds:0} s ago, {(snapshot.IsFromDatabase ? "in memory" : "from the image on disk")}: the database is away"
            )
        );

    /// <summary>Binds before the host counts as started, so that a taken port stops the start with a clear message.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        auth = Open(options.AuthPort, authentication);
        acct = Open(options.AcctPort, accounting);
        tls = options.RadSec is { } over ? radSec.Open(over, options.Bind) : null;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!snapshot.IsLoaded)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), clock, stoppingToken);
            }

            // Without the database nothing tells what runs: sessions count again when it is back (SessionFollower).
            if (snapshot.IsFromDatabase)
            {
                // What was acknowledged just before a crash is still in the journal: those sessions count too.
                await projector.CaughtUp.WaitAsync(JournalPatience, clock, stoppingToken);
                await sessions.LoadAsync(stoppingToken);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // Serving matters more than counting: sessions of before are counted again with their next Interim-Update.
            log.LogWarning("The running sessions could not be read: {Reason}", e.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        auth!.Start();
        acct!.Start();
        tls?.Start();
        listening = true;
        AaaMetrics.WatchSnapshot(() => (clock.GetUtcNow() - snapshot.ConfirmedAt).TotalSeconds);
        log.LogInformation("RADIUS listens on UDP {Auth} (authentication) and {Acct} (accounting)", auth.BoundPort, acct.BoundPort);
        if (tls is not null)
        {
            log.LogInformation("RADIUS over TLS listens on TCP {Port}", tls.BoundPort);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        listening = false;
        await Task.WhenAll(StopAsync(auth, cancellationToken), StopAsync(acct, cancellationToken), StopAsync(tls, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    private RadiusListener Open(int port, IPacketHandler handler) =>
        new(
            new RadiusListenerOptions
            {
                EndPoint = new IPEndPoint(options.Bind, port),
                OnFailure = e => log.LogError(e, "A RADIUS packet could not be handled"),
            },
            handler
        );

    private static Task StopAsync(RadSecListener? listener, CancellationToken ct) =>
        listener is null ? Task.CompletedTask : listener.StopAsync(ct);

    private static Task StopAsync(RadiusListener? listener, CancellationToken ct) =>
        listener is null ? Task.CompletedTask : listener.StopAsync(ct);
}
