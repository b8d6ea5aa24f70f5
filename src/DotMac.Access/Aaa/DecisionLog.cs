using System.Net;
using System.Threading.Channels;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using DotMac.Radius.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace DotMac.Access.Aaa;

/// <summary>
/// Writes every verdict to <c>radpostauth</c>, in batches, behind the answer. It never holds a packet up: when the database is away it
/// keeps the newest <see cref="Capacity"/> verdicts and counts what it had to let go.
/// </summary>
internal sealed class DecisionLog(Databases databases, TimeProvider clock, ILogger<DecisionLog> log) : BackgroundService
{
    public const int Capacity = 50_000;
    private const int BatchSize = 2_000;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    private readonly Channel<Row> channel = Channel.CreateBounded<Row>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => AaaMetrics.DecisionsLost(1)
    );

    public void Note(Verdict verdict, NasEntry nas, Login? login, ReadOnlySpan<char> username, AuthMethod method, PacketView packet) =>
        channel.Writer.TryWrite(
            new Row(
                nas.TenantId,
                nas.Id,
                login is not null && username.SequenceEqual(login.Username) ? login.Username : new string(username).Replace('\0', '\uFFFD'),
                login?.SubscriberId,
                verdict,
                clock.GetUtcNow(),
                packet.TryGetIpv4(AttributeType.NasIpAddress, out IPAddress address) ? address : null,
                Text(packet, AttributeType.CallingStationId),
                Text(packet, AttributeType.CalledStationId),
                method
            )
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Row>(BatchSize);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (batch.Count == 0)
                {
                    await channel.Reader.WaitToReadAsync(stoppingToken);
                    await Task.Delay(Gather, clock, stoppingToken);
                }

                Fill(batch);
                await WriteAsync(batch, stoppingToken);
                batch.Clear();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                log.LogWarning("Decisions wait for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
            }
        }

        await WriteRestAsync(batch);
    }

    /// <summary>On an orderly stop the rest goes out too, within a second.</summary>
    private async Task WriteRestAsync(List<Row> batch)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), clock);
        try
        {
            do
            {
                Fill(batch);
                await WriteAsync(batch, patience.Token);
                batch.Clear();
            } while (channel.Reader.TryPeek(out _));
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            AaaMetrics.DecisionsLost(batch.Count);
            log.LogWarning("{Count} decisions could not be written before the stop: {Reason}", batch.Count, e.Message);
        }
    }

    private void Fill(List<Row> batch)
    {
        while (batch.Count < BatchSize && channel.Reader.TryRead(out var row))
        {
            batch.Add(row);
        }
    }

    private async Task WriteAsync(List<Row> batch, CancellationToken ct)
    {
        if (batch.Count == 0)
        {
            return;
        }

        await using var command = databases.Aaa.CreateCommand(
            """
            INSERT INTO radpostauth (tenant_id, id, username, subscriber_id, reply, code, authdate, nas_id, nasipaddress, callingstationid, calledstationid, method)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """
        );
        command.Parameters.AddWithValue(batch.ConvertAll(r => r.TenantId));
        command.Parameters.AddWithValue(batch.ConvertAll(r => Guid.CreateVersion7(r.At)));
        command.Parameters.AddWithValue(batch.ConvertAll(r => r.Username));
        command.Parameters.Add(
            new() { Value = batch.ConvertAll(r => r.SubscriberId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid }
        );
        command.Parameters.AddWithValue(batch.ConvertAll(r => r.Verdict.Accepted ? "Access-Accept" : "Access-Reject"));
        command.Parameters.AddWithValue(batch.ConvertAll(r => r.Verdict.Code));
        command.Parameters.AddWithValue(batch.ConvertAll(r => r.At.UtcDateTime));
        command.Parameters.AddWithValue(batch.ConvertAll(r => r.NasId));
        command.Parameters.Add(new() { Value = batch.ConvertAll(r => r.NasIp), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Inet });
        command.Parameters.Add(
            new() { Value = batch.ConvertAll(r => r.CallingStationId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
        );
        command.Parameters.Add(
            new() { Value = batch.ConvertAll(r => r.CalledStationId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
        );
        command.Parameters.AddWithValue(batch.ConvertAll(r => Words(r.Method)));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string? Text(PacketView packet, byte type) =>
        packet.TryGetText(type, out var text) ? text.Replace('\0', '\uFFFD') : null;

    private static string Words(AuthMethod method) =>
        method switch
        {
            AuthMethod.Pap => "pap",
            AuthMethod.Chap => "chap",
            AuthMethod.MsChap => "mschap",
            AuthMethod.Eap => "eap",
            _ => "none",
        };

    private sealed record Row(
        Guid TenantId,
        Guid NasId,
        string Username,
        Guid? SubscriberId,
        Verdict Verdict,
        DateTimeOffset At,
        IPAddress? NasIp,
        string? CallingStationId,
        string? CalledStationId,
        AuthMethod Method
    );
}
