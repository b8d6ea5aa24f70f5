using System.Net;
using DotMac.Host.Settings;
using DotMac.Radius.Client;

namespace DotMac.Host.Demo;

/// <summary>The demo's simulated NAS, and the three days that they remember when the demo is new.</summary>
internal sealed class SimulatedNetwork(HostSettings settings, DemoState state, TimeProvider clock, ILogger<SimulatedNetwork> log)
    : BackgroundService
{
    private const int DaysRemembered = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var address =
            settings.RadiusBind.Equals(IPAddress.Any) || settings.RadiusBind.Equals(IPAddress.IPv6Any)
                ? IPAddress.Loopback
                : settings.RadiusBind;
        var auth = new IPEndPoint(address, settings.RadiusAuthPort);
        var acct = new IPEndPoint(address, settings.RadiusAcctPort);
        try
        {
            await state.Filled.WaitAsync(stoppingToken);
            var running = DemoNetwork.Nas.Select(nas => RunAsync(nas, auth, acct, stoppingToken)).ToList();
            if (state.IsNew)
            {
                await Task.WhenAll(
                    DemoNetwork.Logins.Chunk(DemoNetwork.SubscriberCount / 4).Select(some => RememberAsync(some, acct, stoppingToken))
                );
                // The days have to be in the table before a cap can be said to be nearly used up.
                await Task.Delay(TimeSpan.FromSeconds(5), clock, stoppingToken);
                await state.Tenant!.SetQuotasAsync(stoppingToken);
            }

            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        { /* an orderly stop */
        }
    }

    private async Task RunAsync(DemoNas definition, IPEndPoint auth, IPEndPoint acct, CancellationToken ct)
    {
        await using var nas = new SimulatedNas(definition, auth, acct, state.CoaPort, clock, log);
        while (true)
        {
            try
            {
                await nas.RunAsync(ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "{Nas} starts again", definition.Shortname);
                await Task.Delay(TimeSpan.FromSeconds(5), clock, ct);
            }
        }
    }

    /// <summary>Sends the accounting of past days, as a NAS does that was cut off: with Event-Timestamp, one session a day.</summary>
    private async Task RememberAsync(DemoLogin[] logins, IPEndPoint acct, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        foreach (var login in logins)
        {
            var nas = DemoNetwork.Nas[login.Nas];
            var client = new RadiusClient(clock, nas.Address);
            var secret = System.Text.Encoding.UTF8.GetBytes(nas.Secret);
            var random = new Random(login.Index);
            for (var day = DaysRemembered; day >= 1; day--)
            {
                var from = midnight.AddDays(-day).AddHours(5 + random.Next(4));
                var session = new SimulatedSession(login, nas, $"past-{login.Index}-{from:yyyyMMdd}", from);
                await client.SendAsync(acct, session.Start(), secret, RetryPolicy.Default, ct);
                for (var hour = 1; hour <= 15; hour++)
                {
                    session.Load = Evening(from.AddHours(hour)) * (0.2 + (random.NextDouble() * 0.4));
                    session.CountUntil(from.AddHours(hour));
                    await client.SendAsync(acct, session.Interim(from.AddHours(hour)), secret, RetryPolicy.Default, ct);
                }

                await client.SendAsync(acct, session.Stop(from.AddHours(15), "User-Request"), secret, RetryPolicy.Default, ct);
            }
        }
    }

    /// <summary>People use their lines in the evening: least at four in the morning, most at nine at night.</summary>
    private static double Evening(DateTimeOffset at) => 0.05 + (0.45 * Math.Pow((1 + Math.Cos((at.Hour - 21) / 24.0 * Math.Tau)) / 2, 2));
}

/// <summary>What the demo's start tells the simulated network.</summary>
internal sealed class DemoState
{
    private readonly TaskCompletionSource filled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required int CoaPort { get; init; }

    /// <summary>True when the subscribers were made by this start.</summary>
    public bool IsNew { get; private set; }

    /// <summary>Set before <see cref="Filled"/> completes.</summary>
    public DemoTenant? Tenant { get; set; }

    /// <summary>Completes when the tenant holds its NAS and subscribers.</summary>
    public Task Filled => filled.Task;

    public void MarkFilled(bool isNew)
    {
        IsNew = isNew;
        filled.TrySetResult();
    }
}
