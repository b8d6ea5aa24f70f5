using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.SystemTests.Radius;

/// <summary>
/// NAS that never give up: sessions of Start, two Interim-Updates and Stop, each record repeated unchanged until it is acknowledged, and a
/// ledger of what was acknowledged. The octets of a session grow with each record, so that a lost record shows in the sums.
/// </summary>
public sealed class AccountingLoad(TestNas nas, string username)
{
    public const int InFlight = 32;
    private const int RecordsPerSession = 4;
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(400);
    private readonly ConcurrentDictionary<string, int> acknowledged = new(StringComparer.Ordinal);
    private int sessions;
    private int records;

    /// <summary>Records acknowledged so far.</summary>
    public int Acknowledged => Volatile.Read(ref records);

    /// <summary>By session id: how many of its records were acknowledged, 1 to 4.</summary>
    public IReadOnlyDictionary<string, int> Ledger => acknowledged;

    /// <summary>Uploaded octets after so many records of a session; downloaded octets are thrice that.</summary>
    public static long Uploaded(int recordCount) =>
        recordCount switch
        {
            1 => 0,
            2 => 1_000,
            3 => 5_000_000_000,
            _ => 5_000_000_777,
        };

    /// <summary>Whole sessions one after the other, 32 at a time, until cancelled.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(
            Enumerable
                .Range(0, InFlight)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            using var socket = nas.Open(accounting: true);
                            while (!stop.IsCancellationRequested)
                            {
                                await SessionAsync(socket, RecordsPerSession, stop);
                            }
                        },
                        CancellationToken.None
                    )
                )
        );

    /// <summary>So many sessions that only begin.</summary>
    public Task BeginAsync(int count, CancellationToken stop)
    {
        var left = count;
        return Task.WhenAll(
            Enumerable
                .Range(0, InFlight)
                .Select(_ =>
                    Task.Run(
                        async () =>
                        {
                            using var socket = nas.Open(accounting: true);
                            while (Interlocked.Decrement(ref left) >= 0)
                            {
                                await SessionAsync(socket, 1, stop);
                            }
                        },
                        CancellationToken.None
                    )
                )
        );
    }

    /// <summary>One record of a session that <see cref="BeginAsync"/> began: 2 and 3 are Interim-Updates, 4 is the Stop.</summary>
    public async Task ContinueAsync(string session, int record)
    {
        using var socket = nas.Open(accounting: true);
        await RecordAsync(socket, session, record, CancellationToken.None);
    }

    private async Task SessionAsync(Datagrams socket, int upTo, CancellationToken stop)
    {
        var session = string.Create(CultureInfo.InvariantCulture, $"load-{nas.Address}-{Interlocked.Increment(ref sessions)}");
        for (var record = 1; record <= upTo && await RecordAsync(socket, session, record, stop); record++)
        {
            acknowledged[session] = record;
            Interlocked.Increment(ref records);
        }
    }

    private async Task<bool> RecordAsync(Datagrams socket, string session, int record, CancellationToken stop)
    {
        var octets = Uploaded(record);
        var request = new RequestBuilder(PacketCode.AccountingRequest)
            .Add(
                "Acct-Status-Type",
                record == 1 ? "Start"
                    : record == RecordsPerSession ? "Stop"
                    : "Interim-Update"
            )
            .Add("User-Name", username)
            .Add("Acct-Session-Id", session)
            .Add("Acct-Session-Time", (record - 1).ToString(CultureInfo.InvariantCulture))
            .Add(AttributeType.AcctInputOctets, (uint)octets)
            .Add(AttributeType.AcctInputGigawords, (uint)(octets >> 32))
            .Add(AttributeType.AcctOutputOctets, (uint)(octets * 3))
            .Add(AttributeType.AcctOutputGigawords, (uint)(octets * 3 >> 32))
            .Build(nas.SecretBytes);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await socket.SendAsync(request);
                while (await socket.ReceiveAsync(Repeat.TotalSeconds) is { } reply)
                {
                    if (Answers(request, reply))
                    {
                        return true;
                    }
                }
            }
            catch (SocketException)
            {
                // Nobody listens at the moment.
                await Task.Delay(50, CancellationToken.None);
            }
        }

        return false;
    }

    private bool Answers(byte[] request, byte[] reply) =>
        PacketView.TryParse(reply, out var packet, out _)
        && packet.Code == PacketCode.AccountingResponse
        && packet.Identifier == request[1]
        && Authenticators.VerifyResponse(packet, request.AsSpan(4, 16), nas.SecretBytes);
}
