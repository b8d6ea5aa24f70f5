using System.Collections.Concurrent;
using System.Threading.Channels;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa;

/// <summary>
/// What the checks of the lines gave, per subscriber: the latest result, how often it was wrong, and an alert for each place that a login
/// came from though it is not its own. Written behind the answers. A match that follows a match is written anew after ten minutes only.
/// </summary>
internal sealed class LineRecord(Databases databases, TimeProvider clock, ILogger<LineRecord> log) : BackgroundService
{
    /// <summary>Days that an alert is kept after it was last seen.</summary>
    public const int AlertDays = 90;

    private const int Capacity = 20_000;
    private const int BatchSize = 2_000;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WriteMatchEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(Guid Tenant, Guid Subscriber), Latest> latest = new();

    // When the database is away for long the oldest go: what was enforced is in the metrics all the same.
    private readonly Channel<LineSeen> channel = Channel.CreateBounded<LineSeen>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }
    );

    private long sweptAt;

    public void Saw(Login login, Guid? nasId, Verdict verdict, in Option82Finding line)
    {
        if (line.Result is not (Option82Result.Match or Option82Result.Mismatch or Option82Result.Missing))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var last = latest.GetOrAdd((login.TenantId, login.SubscriberId), static _ => new Latest());
        if (last.Result == Option82Result.Match && line.Result == Option82Result.Match && now.Ticks - last.Ticks < WriteMatchEvery.Ticks)
        {
            return;
        }

        last.Result = line.Result;
        last.Ticks = now.Ticks;
        channel.Writer.TryWrite(
            new LineSeen(login.TenantId, login.SubscriberId, nasId, now, line.Result, verdict.Accepted, login.Line!.Policy, verdict.Data)
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<LineSeen>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (batch.Count == 0)
                {
                    await channel.Reader.WaitToReadAsync(stoppingToken);
                    await Task.Delay(Gather, clock, stoppingToken);
                }

                while (batch.Count < BatchSize && channel.Reader.TryRead(out var seen))
                {
                    batch.Add(seen);
                }

                await WriteAsync(batch, stoppingToken);
                batch.Clear();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (UnexpectedErrors.IsDatabaseLoss(e))
            {
                log.LogWarning("The lines' record waits for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
            catch (PostgresException e)
            {
                log.LogError("{Count} checks of lines could not be written: {Reason}", batch.Count, e.Message);
                batch.Clear();
            }
        }
    }

    private async Task WriteAsync(List<LineSeen> batch, CancellationToken ct)
    {
        await using var connection = await databases.Aaa.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await LineRecordRows.WriteValidationsAsync(connection, batch, ct);
        var alerts = await LineRecordRows.WriteAlertsAsync(connection, batch, ct);
        if (sweptAt == 0 || clock.GetElapsedTime(sweptAt) > SweepEvery)
        {
            await LineRecordRows.SweepAsync(connection, clock.GetUtcNow().AddDays(-AlertDays), ct);
            sweptAt = clock.GetTimestamp();
        }

        await transaction.CommitAsync(ct);
        foreach (var seen in alerts)
        {
            log.LogWarning(
                "{Code}: subscriber {Subscriber} of {Tenant} signed on from another place ({Data}), {Outcome}",
                seen.Code,
                seen.SubscriberId,
                seen.TenantId,
                seen.Data?.Text,
                seen.Accepted ? "accepted" : "rejected"
            );
        }
    }

    private sealed class Latest
    {
        public Option82Result Result;
        public long Ticks;
    }
}
