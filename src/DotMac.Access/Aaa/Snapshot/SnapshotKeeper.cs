using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>
/// Writes the snapshot's image when it has changed, a few seconds after the first change and never more than a twentieth of the time, every
/// five minutes though nothing changed (so that its age tells when the database was last seen), and at an orderly stop.
/// </summary>
internal sealed class SnapshotKeeper(AaaSnapshot snapshot, SnapshotImage image, TimeProvider clock, ILogger<SnapshotKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromMinutes(5);
    private long written;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        var pause = Gather;
        var writtenAt = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var since = clock.GetElapsedTime(writtenAt);
                if (!snapshot.IsFromDatabase || since < pause || (snapshot.Changes == written && since < AtLeastEvery))
                {
                    continue;
                }

                var start = clock.GetTimestamp();
                await WriteAsync(stoppingToken);
                writtenAt = clock.GetTimestamp();
                var took = clock.GetElapsedTime(start) * 20;
                pause = took > Gather ? took : Gather;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        { /* an orderly stop */
        }

        if (snapshot.IsFromDatabase && snapshot.Changes != written)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1.5), clock);
            await WriteAsync(patience.Token);
        }
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        var changes = snapshot.Changes;
        try
        {
            await image.WriteAsync(snapshot, snapshot.ConfirmedAt, ct);
            written = changes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The snapshot image could not be written: {Reason}", e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            log.LogInformation("The stop left no time for the snapshot image; the former one stands");
        }
    }
}
