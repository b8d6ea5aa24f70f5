using System.Diagnostics;
using System.Globalization;
using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Xunit.Abstractions;

namespace DotMac.SystemTests.Radius;

/// <summary>A host on a PostgreSQL of its own, which the drills crash.</summary>
public class DrillFixture : RadiusFixture
{
    public PostgresCluster Cluster { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        Cluster = await PostgresCluster.StartAsync();
        // A crash must keep what was committed, as in production; the test servers are otherwise fast instead of durable.
        await Cluster.ExecuteAsync("postgres", "ALTER ROLE ALL SET synchronous_commit = on");
        Database.PutOn(Cluster);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Cluster.StopServerAsync("immediate");
    }
}

/// <summary>What breaks under accounting load loses nothing that was acknowledged, and counts nothing twice.</summary>
[Trait("Category", "Drill")]
public sealed class DrillTests(DrillFixture host, ITestOutputHelper output) : IClassFixture<DrillFixture>
{
    private const int Seed = 3576;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kill_minus_nine_of_the_server_loses_no_acknowledged_record()
    {
        var random = new Random(Seed);
        var (nas, user) = await PlaceAsync();
        var load = new AccountingLoad(nas, user.Username);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        for (var kill = 0; kill < 5; kill++)
        {
            var before = load.Acknowledged;
            await Eventually.IsTrueAsync(() => Task.FromResult(load.Acknowledged > before + 50), "the load is flowing", Patience);
            await Task.Delay(random.Next(50, 700));
            await host.Host.KillHardAsync();
            await host.Host.StartAgainAsync();
        }

        await EndAsync(load, running, stop);
        await NothingIsLostAsync("5 × kill -9", nas, user, load);
    }

    [Fact]
    public async Task Crashes_of_postgresql_lose_no_acknowledged_record()
    {
        var (nas, user) = await PlaceAsync();
        var load = new AccountingLoad(nas, user.Username);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        for (var crash = 0; crash < 3; crash++)
        {
            await Task.Delay(1_000);
            await host.Cluster.StopServerAsync("immediate");
            await host.Cluster.StartServerAsync();
        }

        await EndAsync(load, running, stop);
        await NothingIsLostAsync("3 × crash of PostgreSQL", nas, user, load);
    }

    [Fact]
    public async Task While_postgresql_is_down_logins_go_on_and_accounting_is_kept()
    {
        var (nas, user) = await PlaceAsync();
        var load = new AccountingLoad(nas, user.Username);
        using var stop = new CancellationTokenSource();
        await host.Cluster.StopServerAsync("immediate");
        var down = Stopwatch.GetTimestamp();
        var running = load.RunAsync(stop.Token);
        var accepted = 0;
        try
        {
            while (Stopwatch.GetElapsedTime(down) < TimeSpan.FromSeconds(5))
            {
                (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept);
                (await nas.AccessAsync(user.Username, "wrong")).Code.ShouldBe(PacketCode.AccessReject);
                accepted++;
            }

            load.Acknowledged.ShouldBeGreaterThan(AccountingLoad.InFlight, "acknowledged from the journal alone");
        }
        finally
        {
            await host.Cluster.StartServerAsync();
        }

        await EndAsync(load, running, stop);
        await NothingIsLostAsync($"PostgreSQL away for 5 s, {accepted} logins meanwhile", nas, user, load);

        // Changes reach the snapshot again: the listening connection came back.
        var name = RadiusFixture.NewName("after");
        await Eventually.IsTrueAsync(
            async () =>
                (await host.Admin.PostAsync("/api/v1/radius/subscribers", new { username = name, password = "after-the-crash" })).Status
                    is HttpStatusCode.Created
                        or HttpStatusCode.Conflict,
            "the API takes changes again",
            Patience
        );
        await Eventually.IsTrueAsync(
            async () => (await nas.AccessAsync(name, "after-the-crash")).Code == PacketCode.AccessAccept,
            "the change is in force"
        );
    }

    private async Task<(TestNas, TestSubscriber)> PlaceAsync() =>
        (await host.NasAsync(), await host.SubscriberAsync(new { simultaneous_use = 0 }));

    /// <summary>Lets the load flow a little after the last trouble, so that it is seen to have recovered, and stops it.</summary>
    private static async Task EndAsync(AccountingLoad load, Task running, CancellationTokenSource stop)
    {
        var before = load.Acknowledged;
        await Eventually.IsTrueAsync(() => Task.FromResult(load.Acknowledged > before + 200), "the load flows again", Patience);
        await stop.CancelAsync();
        await running;
    }

    private sealed record Stored
    {
        public long Rows { get; init; }
        public long Uploaded { get; init; }
        public long Downloaded { get; init; }
        public bool Closed { get; init; }
    }

    /// <summary>Every session once, with at least what was acknowledged; a complete one closed and exact; usage the sum of the sessions.</summary>
    private async Task NothingIsLostAsync(string trouble, TestNas nas, TestSubscriber user, AccountingLoad load)
    {
        var ledger = load.Ledger;
        IReadOnlyDictionary<string, Stored> stored = new Dictionary<string, Stored>();
        var wrong = new List<string>();
        var waiting = Stopwatch.GetTimestamp();
        do
        {
            await Task.Delay(200);
            stored = await ReadAsync(nas);
            wrong = [.. ledger.Where(s => !IsTrue(stored.GetValueOrDefault(s.Key), s.Value)).Select(s => Show(s.Key, s.Value, stored))];
        } while (wrong.Count > 0 && Stopwatch.GetElapsedTime(waiting) < Patience);

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{trouble} (seed {Seed}): {load.Acknowledged} records of {ledger.Count} sessions acknowledged, {wrong.Count} sessions lost or wrong"
            )
        );
        wrong.ShouldBeEmpty();
        stored.Values.ShouldAllBe(s => s.Rows == 1, "a session has one row");
        var complete = ledger.Where(s => s.Value == 4).Select(s => s.Key).ToList();
        complete.Sum(s => stored[s].Uploaded).ShouldBe(complete.Count * AccountingLoad.Uploaded(4));
        var usage = await host.Database.ScalarAsync<decimal>(
            "SELECT sum(uploaded_bytes) FROM usage_hourly WHERE subscriber_id = @Id",
            user
        );
        usage.ShouldBe(stored.Values.Sum(s => (decimal)s.Uploaded), "no octet is counted twice or forgotten");
    }

    private async Task<IReadOnlyDictionary<string, Stored>> ReadAsync(TestNas nas)
    {
        var rows = await host.Database.QueryAsync<(string Session, long Rows, long Up, long Down, bool Closed)>(
            """
            SELECT acctsessionid, count(*), max(acctinputoctets), max(acctoutputoctets), bool_and(acctstoptime IS NOT NULL)
            FROM radacct WHERE nas_id = @Id GROUP BY acctsessionid
            """,
            new { nas.Id }
        );
        return rows.ToDictionary(
            r => r.Session,
            r => new Stored
            {
                Rows = r.Rows,
                Uploaded = r.Up,
                Downloaded = r.Down,
                Closed = r.Closed,
            },
            StringComparer.Ordinal
        );
    }

    /// <summary>A record that was sent but not acknowledged may be there too: it is one more at the most.</summary>
    private static bool IsTrue(Stored? row, int acknowledged) =>
        row is { Rows: 1 }
        && row.Uploaded >= AccountingLoad.Uploaded(acknowledged)
        && row.Uploaded <= AccountingLoad.Uploaded(Math.Min(4, acknowledged + 1))
        && row.Downloaded == row.Uploaded * 3
        && (acknowledged < 4 || row.Closed);

    private static string Show(string session, int acknowledged, IReadOnlyDictionary<string, Stored> stored) =>
        $"{session}: {acknowledged} acknowledged, stored {stored.GetValueOrDefault(session)}";
}
