using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using DotMac.Access.Aaa.Decisions;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using DotMac.Radius.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Access.Aaa;

/// <summary>
/// Keeps every verdict with what led to it, in batches, behind the answer. It never holds a packet up: a note goes into a ring, from there
/// into a bounded backlog in memory, from there into the database. While that is away the backlog grows; what does not fit is lost, oldest
/// first, and counted. A process that is killed loses what was not written yet, some tenths of a second.
/// </summary>
internal sealed class DecisionLog : BackgroundService
{
    /// <summary>Some 600,000 rows.</summary>
    public const long MostOctets = 96 * 1024 * 1024;
    private const int RingSize = 16 * 1024;
    private const int MostRowsAtOnce = 20_000;
    private const int UtfOctetsPerChar = 3;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PrepareEvery = TimeSpan.FromHours(1);

    private readonly DecisionRing ring = new(RingSize);
    private readonly DecisionBacklog backlog;
    private readonly DecisionStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<DecisionLog> log;

    /// <summary>Tells the rows of processes apart that write at one microsecond.</summary>
    private readonly short writer = (short)RandomNumberGenerator.GetInt32(1, short.MaxValue);
    private long latest;
    private long preparedAt;
    private bool prepared;

    public DecisionLog(Databases databases, TimeProvider clock, ILogger<DecisionLog> log, long mostOctets = MostOctets)
    {
        store = new DecisionStore(databases);
        backlog = new DecisionBacklog(mostOctets, AaaMetrics.DecisionsLost);
        this.clock = clock;
        this.log = log;
    }

    /// <summary>Notes a verdict about a packet.</summary>
    /// <param name="rates">The profile that the answer was made from.</param>
    public void Note(
        Verdict verdict,
        NasEntry nas,
        Login? login,
        ReadOnlySpan<char> username,
        AuthMethod method,
        PacketView packet,
        Rates? rates = null
    )
    {
        packet.TryGet(AttributeType.CallingStationId, out var calling);
        packet.TryGet(AttributeType.CalledStationId, out var called);
        Note(verdict, nas, login, username, method, calling, called, login?.Line is null ? default : LineIds.Of(packet), rates);
    }

    /// <summary>Notes a verdict; the octets are what the NAS sent, empty when it did not, or when the line was not looked at.</summary>
    public void Note(
        Verdict verdict,
        NasEntry nas,
        Login? login,
        ReadOnlySpan<char> username,
        AuthMethod method,
        ReadOnlySpan<byte> callingStation,
        ReadOnlySpan<byte> calledStation,
        LineIds line,
        Rates? rates
    )
    {
        var code = DecisionCodes.NumberOf(verdict);
        var data = DecisionData.Write(verdict, code);
        Span<byte> name = stackalloc byte[Username.MostChars * UtfOctetsPerChar];
        var nameOctets = login is not null && username.SequenceEqual(login.Username) ? 0 : Encoding.UTF8.GetBytes(username, name);

        ref var note = ref ring.Begin(out var ticket);
        if (Unsafe.IsNullRef(ref note))
        {
            AaaMetrics.DecisionsLost(1);
            return;
        }

        note.At = clock.GetUtcNow().UtcTicks;
        note.TenantId = nas.TenantId;
        note.SubscriberId = login?.SubscriberId ?? Guid.Empty;
        note.NasNumber = nas.Number;
        note.LoginVersion = login?.Version ?? 0;
        note.ProfileVersion = rates?.Version ?? 0;
        note.Code = code;
        note.Method = (byte)method;
        note.Keep(name[..nameOctets], callingStation, calledStation, line.Circuit, line.Remote, data);
        ring.Commit(ticket);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var collecting = CollectAsync(stoppingToken);
        IReadOnlyList<DecisionChunk> batch = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                batch = batch.Count == 0 ? backlog.Take(MostRowsAtOnce) : batch;
                if (batch.Count == 0)
                {
                    await Task.Delay(Gather, clock, stoppingToken);
                    continue;
                }

                await WriteAsync(batch, stoppingToken);
                batch = [];
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (PostgresException e) when (IsAboutData(e))
            {
                log.LogError("The database refused {Count} decisions as data: {Reason}", batch.Sum(c => c.Rows), e.Message);
                AaaMetrics.DecisionsLost(batch.Sum(c => c.Rows));
                batch = [];
            }
            catch (Exception e)
            {
                prepared = false;
                log.LogWarning("{Count} decisions wait for the database: {Reason}", backlog.Rows + batch.Sum(c => c.Rows), e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
        }

        await collecting;
        await WriteRestAsync(batch);
    }

    /// <summary>Empties the ring into the backlog all the time, also while the database is waited for.</summary>
    private async Task CollectAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), clock);
        try
        {
            do
            {
                Collect();
            } while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        { /* an orderly stop */
        }

        Collect();
    }

    internal void Collect()
    {
        while (true)
        {
            ref var note = ref ring.Peek();
            if (Unsafe.IsNullRef(ref note))
            {
                return;
            }

            // Times of one writer are unique: they name the row.
            latest = Math.Max(latest + 1, note.At / TimeSpan.TicksPerMicrosecond);
            backlog.Add(ref note, latest, writer);
            ring.Release();
        }
    }

    internal async Task WriteAsync(IReadOnlyList<DecisionChunk> batch, CancellationToken ct)
    {
        if (!prepared || clock.GetElapsedTime(preparedAt) > PrepareEvery)
        {
            await store.PrepareAsync(clock.GetUtcNow(), ct);
            (prepared, preparedAt) = (true, clock.GetTimestamp());
            await DropOldAsync(ct);
        }

        await store.WriteAsync(batch, ct);
        AaaMetrics.DecisionsWritten(batch.Sum(c => c.Rows));
    }

    internal IReadOnlyList<DecisionChunk> TakeBatch() => backlog.Take(MostRowsAtOnce);

    private async Task DropOldAsync(CancellationToken ct)
    {
        try
        {
            await store.DropOldAsync(clock.GetUtcNow(), ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            log.LogInformation("Old decisions are being read and go in an hour");
        }
    }

    /// <summary>On an orderly stop the rest goes out too, within some seconds.</summary>
    private async Task WriteRestAsync(IReadOnlyList<DecisionChunk> batch)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3), clock);
        try
        {
            while (batch.Count > 0 || (batch = backlog.Take(MostRowsAtOnce)).Count > 0)
            {
                await WriteAsync(batch, patience.Token);
                batch = [];
            }
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            var rows = backlog.Rows + batch.Sum(c => c.Rows);
            AaaMetrics.DecisionsLost(rows);
            log.LogWarning("{Count} decisions could not be written before the stop: {Reason}", rows, e.Message);
        }
    }

    /// <summary>Class 22: no waiting makes these rows right.</summary>
    private static bool IsAboutData(PostgresException e) => e.SqlState.StartsWith("22", StringComparison.Ordinal);
}
