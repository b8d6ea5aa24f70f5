using System.Net;
using DotMac.Access;
using DotMac.Access.Aaa;
using DotMac.Access.Aaa.Accounting;
using DotMac.Kernel;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DotMac.SystemTests.Radius;

/// <summary>Journal to table with times of one's own: packets of last month, sessions that fell silent, months past their time.</summary>
public sealed class ProjectionTests : IAsyncLifetime
{
    private static readonly Guid Tenant = Guid.CreateVersion7();
    private static readonly Guid Subscriber = Guid.CreateVersion7();
    private static readonly Guid Nas = Guid.CreateVersion7();
    private readonly TestDatabase database = new();
    private readonly string folder = Workspace.NewFolder("journal");
    private Journal journal = null!;
    private AccountingProjector projector = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        await database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, slug, name, time_zone) VALUES (@Tenant, 'p', 'P', 'Asia/Kathmandu')",
            new { Tenant }
        );
        journal = Journal.Open(folder, NullLogger.Instance);
        projector = new AccountingProjector(
            journal,
            database.Databases,
            new TouchedUsage(),
            TimeProvider.System,
            NullLogger<AccountingProjector>.Instance
        );
        await projector.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await projector.StopAsync(default);
        await journal.DisposeAsync();
        await database.DisposeAsync();
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Journals a packet that arrived at a time of the test's choice, and waits until the database has it.</summary>
    private async Task RecordAsync(string status, DateTimeOffset at, string session = "s1", params (string Name, string Value)[] more)
    {
        var request = new RequestBuilder(PacketCode.AccountingRequest)
            .Add("Acct-Status-Type", status)
            .Add("User-Name", "bob")
            .Add("Acct-Session-Id", session);
        foreach (var (name, value) in more)
        {
            request.Add(name, value);
        }

        var done = new TaskCompletionSource<bool>();
        var origin = new PacketOrigin(at, Tenant, Nas, Subscriber, IPAddress.Loopback);
        journal.TryAppend(JournalRecord.Write(origin, request.Build("secret"u8)), done.SetResult).ShouldBeTrue();
        (await done.Task).ShouldBeTrue();
        var durable = journal.Durable;
        await Eventually.IsTrueAsync(
            async () =>
                await database.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM journal_positions WHERE journal_id = @Id AND position >= @Offset)",
                    new { journal.Id, durable.Offset }
                ),
            "the record is projected"
        );
    }

    private sealed record Row
    {
        public string Partition { get; init; } = "";
        public DateTime Started { get; init; }
        public DateTime? Stopped { get; init; }
        public string? Cause { get; init; }
        public bool Presumed { get; init; }
        public long Uploaded { get; init; }
    }

    private Task<IReadOnlyList<Row>> RowsAsync() =>
        database.QueryAsync<Row>(
            """
            SELECT tableoid::regclass::text AS partition, acctstarttime AS started, acctstoptime AS stopped, acctterminatecause AS cause,
                presumed_stop AS presumed, acctinputoctets AS uploaded
            FROM radacct ORDER BY radacctid
            """
        );

    [Fact]
    public async Task A_late_start_moves_its_session_to_the_month_in_which_it_began()
    {
        // The Interim says less than the truth about its beginning: a NAS that counts from when the line came up for good.
        await RecordAsync("Interim-Update", At("2026-11-01T00:04:00Z"), "s1", ("Acct-Session-Time", "180"), ("Acct-Input-Octets", "10"));
        (await RowsAsync()).Single().Partition.ShouldBe("radacct_202611");

        await RecordAsync("Start", At("2026-11-01T00:05:00Z"), "s1", ("Acct-Delay-Time", "330"));
        await RecordAsync("Stop", At("2026-11-01T00:10:00Z"), "s1", ("Acct-Session-Time", "630"), ("Acct-Input-Octets", "30"));

        var row = (await RowsAsync()).Single();
        row.Partition.ShouldBe("radacct_202610");
        (row.Started, row.Stopped).ShouldBe((At("2026-10-31T23:59:30Z").UtcDateTime, At("2026-11-01T00:10:00Z").UtcDateTime));
        row.Uploaded.ShouldBe(30);
    }

    [Fact]
    public async Task Octets_stand_in_every_rollup_and_days_are_the_tenants()
    {
        // Midnight in Kathmandu (UTC+5:45) is 18:15 UTC; this one is also a month's end.
        await RecordAsync("Start", At("2026-10-31T18:00:00Z"));
        await RecordAsync("Interim-Update", At("2026-10-31T18:14:00Z"), "s1", ("Acct-Input-Octets", "100"), ("Acct-Output-Octets", "1000"));
        await RecordAsync("Interim-Update", At("2026-10-31T18:16:00Z"), "s1", ("Acct-Input-Octets", "150"), ("Acct-Output-Octets", "1700"));
        await RecordAsync("Stop", At("2026-10-31T19:00:00Z"), "s1", ("Acct-Input-Octets", "160"), ("Acct-Output-Octets", "1900"));

        async Task<IReadOnlyList<string>> Of(string table, string key) =>
            await database.QueryAsync<string>(
                $"SELECT concat_ws(' ', {key}::text, uploaded_bytes, downloaded_bytes) FROM {table} WHERE tenant_id = @Tenant ORDER BY {key}",
                new { Tenant }
            );
        const string hour = "to_char(hour AT TIME ZONE 'UTC', 'DD HH24')";
        (await Of("usage_hourly", hour)).ShouldBe(["31 18 150 1700", "31 19 10 200"]);
        (await Of("usage_nas_hourly", hour)).ShouldBe(["31 18 150 1700", "31 19 10 200"]);
        string[] days = ["2026-10-31 100 1000", "2026-11-01 60 900"];
        (await Of("usage_daily", "day")).ShouldBe(days);
        (await Of("usage_nas_daily", "day")).ShouldBe(days);
        (await Of("usage_tenant_daily", "day")).ShouldBe(days);
        (await Of("usage_monthly", "month")).ShouldBe(["2026-10-01 100 1000", "2026-11-01 60 900"]);
        (await Of("usage_tenant_samples", "to_char(at AT TIME ZONE 'UTC', 'HH24:MI')")).ShouldBe([
            "18:10 100 1000",
            "18:15 50 700",
            "19:00 10 200",
        ]);
    }

    [Fact]
    public async Task A_silent_session_is_ended_and_its_next_interim_opens_the_same_row_again()
    {
        var now = DateTimeOffset.UtcNow;
        await RecordAsync("Start", now.AddMinutes(-40), "silent");
        await RecordAsync("Interim-Update", now.AddMinutes(-30), "silent", ("Acct-Input-Octets", "10"));
        await RecordAsync("Start", now.AddMinutes(-40), "alive");
        await database.ExecuteAsync("UPDATE radacct SET changed_at = now() - interval '16 minutes' WHERE acctsessionid = 'silent'");
        await database.ExecuteAsync("UPDATE radacct SET changed_at = now() - interval '14 minutes' WHERE acctsessionid = 'alive'");
        var reaper = new GhostReaper(
            projector,
            new AaaOptions
            {
                Bind = IPAddress.Loopback,
                AuthPort = 1,
                AcctPort = 2,
                JournalFolder = folder,
                SnapshotFolder = folder,
            },
            database.Databases,
            TimeProvider.System,
            NullLogger<GhostReaper>.Instance
        );

        (await reaper.ReapAsync(default)).ShouldBe(1);
        (await reaper.ReapAsync(default)).ShouldBe(0);

        var rows = await RowsAsync();
        (rows[0].Cause, rows[0].Presumed).ShouldBe(("Lost-Carrier", true));
        rows[0].Stopped!.Value.ShouldBe(now.AddMinutes(-25).UtcDateTime, TimeSpan.FromSeconds(1));
        rows[1].Stopped.ShouldBeNull();

        await RecordAsync("Interim-Update", DateTimeOffset.UtcNow, "silent", ("Acct-Input-Octets", "30"));

        rows = await RowsAsync();
        rows.Count.ShouldBe(2);
        (rows[0].Stopped, rows[0].Cause, rows[0].Presumed, rows[0].Uploaded).ShouldBe((null, null, false, 30));
    }

    [Fact]
    public async Task A_stop_that_comes_behind_accounting_off_still_counts()
    {
        await RecordAsync("Start", At("2026-11-02T10:00:00Z"));
        await RecordAsync("Accounting-Off", At("2026-11-02T10:10:00Z"), "off");
        await RecordAsync(
            "Stop",
            At("2026-11-02T10:10:01Z"),
            "s1",
            ("Acct-Input-Octets", "77"),
            ("Acct-Delay-Time", "2"),
            ("Acct-Terminate-Cause", "Admin-Reboot")
        );

        var row = (await RowsAsync()).Single();
        (row.Cause, row.Presumed, row.Uploaded).ShouldBe(("Admin-Reboot", false, 77));
        row.Stopped.ShouldBe(At("2026-11-02T10:09:59Z").UtcDateTime);
    }

    [Fact]
    public async Task Months_past_their_time_go_and_the_audit_log_says_so()
    {
        var other = Guid.CreateVersion7();
        var month = new DateTime(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        await database.ExecuteAsync(
            """
            INSERT INTO tenants (tenant_id, slug, name) VALUES (@other, 'o', 'O');
            INSERT INTO accounting_retention (tenant_id, sessions_months) VALUES (@Tenant, 3);
            SELECT ensure_radacct_partition(@month - i * interval '1 month') FROM generate_series(0, 30) AS i;
            INSERT INTO radacct (tenant_id, acctsessionid, acctuniqueid, nas_id, nasipaddress, acctstarttime, acctupdatetime, acctstoptime)
            SELECT t, 'm' || i, t::text || i, @Nas, '127.0.0.1', @month - i * interval '1 month', now(), CASE WHEN i <> 28 THEN now() END
            FROM unnest(ARRAY[@Tenant, @other]) AS t, generate_series(0, 30) AS i;
            INSERT INTO usage_hourly VALUES (@Tenant, @Subscriber, now() - interval '91 days', 1, 1), (@Tenant, @Subscriber, now(), 1, 1);
            """,
            new
            {
                Tenant,
                other,
                month,
                Nas,
                Subscriber,
            }
        );
        await using var services = new ServiceCollection().AddLogging().AddSingleton(database.Databases).AddKernel().BuildServiceProvider();
        var retention = new AccountingRetention(
            database.Databases,
            services.GetRequiredService<IServiceScopeFactory>(),
            TimeProvider.System,
            NullLogger<AccountingRetention>.Instance
        );

        await retention.SweepAsync(default);
        await retention.SweepAsync(default);

        async Task<IReadOnlyList<string>> Kept(Guid tenant) =>
            await database.QueryAsync<string>(
                "SELECT acctsessionid FROM radacct WHERE tenant_id = @tenant ORDER BY acctstarttime DESC",
                new { tenant }
            );
        // The 28th month has a session that still runs.
        (await Kept(other)).ShouldBe([.. Enumerable.Range(0, 25).Select(i => $"m{i}"), "m28"]);
        (await Kept(Tenant)).ShouldBe(["m0", "m1", "m2", "m3", "m28"]);
        (await database.ScalarAsync<long>("SELECT count(*) FROM pg_inherits WHERE inhparent = 'radacct'::regclass")).ShouldBe(26);
        (await database.ScalarAsync<long>("SELECT count(*) FROM usage_hourly")).ShouldBe(1);
        (await database.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'accounting.retention'")).ShouldBe(26 + 5);
    }
}
