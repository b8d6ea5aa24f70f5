using DotMac.Radius.Client;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>What a NAS reports becomes one true row per session, in whatever order it arrives.</summary>
public sealed class AccountingTests(RadiusFixture host) : IClassFixture<RadiusFixture>
{
    private sealed record Row
    {
        public string AcctSessionId { get; init; } = "";
        public Guid? SubscriberId { get; init; }
        public long AcctInputOctets { get; init; }
        public long AcctOutputOctets { get; init; }
        public long AcctSessionTime { get; init; }
        public DateTime AcctStartTime { get; init; }
        public DateTime? AcctStopTime { get; init; }
        public string? AcctTerminateCause { get; init; }
        public string? CallingStationId { get; init; }
        public string? FramedIpAddress { get; init; }
        public string? DelegatedIpv6Prefix { get; init; }
        public string? NasPortType { get; init; }
    }

    [PeerFact("radclient")]
    public async Task Start_interim_and_stop_are_one_row_with_the_true_octets()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var who = $"""
            User-Name = {user.Username}
            Acct-Session-Id = "s%lX-1"
            NAS-IP-Address = 192.0.2.1
            NAS-Port-Type = Ethernet
            Calling-Station-Id = 02-00-5E-10-00-01
            Framed-IP-Address = 100.64.9.9
            Delegated-IPv6-Prefix = 2001:db8:900::/56

            """;
        (await nas.RadclientAsync(who + "Acct-Status-Type = Start", "acct")).ShouldBe("Accounting-Response").Attributes.ShouldBeEmpty();
        await nas.RadclientAsync(
            who + "Acct-Status-Type = Interim-Update\nAcct-Session-Time = 300\nAcct-Input-Octets = 4294967000\nAcct-Output-Octets = 77",
            "acct"
        );
        // Both counters have wrapped since: the input once, the output thrice.
        await nas.RadclientAsync(
            who
                + "Acct-Status-Type = Stop\nAcct-Session-Time = 600\nAcct-Terminate-Cause = User-Request\n"
                + "Acct-Input-Octets = 1000\nAcct-Input-Gigawords = 1\nAcct-Output-Octets = 5\nAcct-Output-Gigawords = 3",
            "acct"
        );

        var row = (await RowsAsync(nas, r => r is [{ AcctStopTime: not null }])).Single();
        row.AcctSessionId.ShouldBe("s%lX-1");
        row.SubscriberId.ShouldBe(user.Id);
        row.AcctInputOctets.ShouldBe((1L << 32) + 1000, "input is what the user sent");
        row.AcctOutputOctets.ShouldBe((3L << 32) + 5);
        row.AcctSessionTime.ShouldBe(600);
        row.AcctTerminateCause.ShouldBe("User-Request");
        row.CallingStationId.ShouldBe("02-00-5E-10-00-01");
        row.FramedIpAddress.ShouldBe("100.64.9.9");
        row.DelegatedIpv6Prefix.ShouldBe("2001:db8:900::/56");
        row.NasPortType.ShouldBe("Ethernet");
        var usage = await host.Database.QueryAsync<(long Up, long Down)>(
            "SELECT sum(uploaded_bytes)::bigint, sum(downloaded_bytes)::bigint FROM usage_hourly WHERE subscriber_id = @Id",
            user
        );
        usage.ShouldBe([((1L << 32) + 1000, (3L << 32) + 5)]);
    }

    /// <summary>RFC 2865 §5.25: what the accept said comes back, and tells whose session it is although the NAS names the user otherwise.</summary>
    [PeerFact("radclient")]
    public async Task The_class_of_the_accept_tells_whose_session_it_is()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var accept = await nas.RadclientAsync($"User-Name = {user.Username}\nUser-Password = {user.Password}");
        var given = accept.ShouldBe("Access-Accept")["Class"].Single();

        await nas.RadclientAsync(
            $"User-Name = \"REALM/{user.Username}\"\nAcct-Session-Id = classy\nAcct-Status-Type = Start\nClass = {given}",
            "acct"
        );
        await nas.RadclientAsync(
            "User-Name = \"nobody\"\nAcct-Session-Id = other\nAcct-Status-Type = Start\nClass = 0x646d0100000000000000000000000000000000",
            "acct"
        );

        var rows = await RowsAsync(nas, r => r.Count == 2);
        rows[0].SubscriberId.ShouldBe(user.Id);
        rows[1].SubscriberId.ShouldBeNull();
        (await host.Database.ScalarAsync<string>("SELECT class FROM radacct WHERE acctsessionid = 'classy'")).ShouldBe(given);
    }

    [Theory]
    [InlineData(-60, 0, 60, "Event-Timestamp is believed")]
    [InlineData(-60, 30, 60, "also when Acct-Delay-Time says something else")]
    [InlineData(null, 45, 45, "Acct-Delay-Time alone")]
    [InlineData(-30 * 86_400, 20, 20, "a clock that is a month off is not believed")]
    [InlineData(7_200, 0, 0, "nor one of two hours ahead")]
    public async Task A_record_happened_when_the_nas_says(int? stampedSeconds, int delay, int ago, string why)
    {
        var nas = await host.NasAsync();
        var now = DateTimeOffset.UtcNow;
        List<(string, string)> record = [("User-Name", "someone"), ("Acct-Session-Id", "when")];
        if (stampedSeconds is { } seconds)
        {
            record.Add(("Event-Timestamp", Seconds(now.AddSeconds(seconds))));
        }

        if (delay > 0)
        {
            record.Add(("Acct-Delay-Time", delay.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        await nas.AccountAsync("Start", [.. record]);

        var row = (await RowsAsync(nas, r => r.Count == 1)).Single();
        row.AcctStartTime.ShouldBe(now.AddSeconds(-ago).UtcDateTime, TimeSpan.FromSeconds(14), why);
    }

    [Fact]
    public async Task Records_out_of_order_make_the_same_session()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync();
        var end = DateTimeOffset.UtcNow.AddSeconds(-5);
        (string, string)[] Who(DateTimeOffset at) =>
            [("User-Name", user.Username), ("Acct-Session-Id", "ooo"), ("Event-Timestamp", Seconds(at))];

        await nas.AccountAsync("Stop", [.. Who(end), ("Acct-Session-Time", "600"), ("Acct-Input-Octets", "300")]);
        await nas.AccountAsync(
            "Interim-Update",
            [.. Who(end.AddSeconds(-300)), ("Acct-Session-Time", "300"), ("Acct-Input-Octets", "200")]
        );
        await nas.AccountAsync("Start", Who(end.AddSeconds(-601)));
        await MarkAsync(nas);

        var row = (await RowsAsync(nas, r => r.Any(s => s.AcctSessionId == "mark"))).Single(r => r.AcctSessionId == "ooo");
        row.AcctInputOctets.ShouldBe(300);
        row.AcctStopTime.ShouldBe(Whole(end));
        row.AcctStartTime.ShouldBe(Whole(end.AddSeconds(-601)));
        (await UploadedAsync(user)).ShouldBe(300);
    }

    [Fact]
    public async Task A_lost_start_or_a_lone_stop_is_still_a_session()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        await nas.AccountAsync(
            "Interim-Update",
            ("User-Name", user.Username),
            ("Acct-Session-Id", "no-start"),
            ("Acct-Session-Time", "120"),
            ("Acct-Input-Octets", "10")
        );
        await nas.AccountAsync(
            "Stop",
            ("User-Name", user.Username),
            ("Acct-Session-Id", "only-stop"),
            ("Acct-Session-Time", "60"),
            ("Acct-Input-Octets", "20"),
            ("Acct-Terminate-Cause", "Lost-Carrier")
        );

        var rows = await RowsAsync(nas, r => r.Count == 2);
        var open = rows.Single(r => r.AcctSessionId == "no-start");
        open.AcctStopTime.ShouldBeNull();
        (DateTime.UtcNow - open.AcctStartTime).TotalSeconds.ShouldBeInRange(119, 180);
        var closed = rows.Single(r => r.AcctSessionId == "only-stop");
        (closed.AcctStopTime!.Value - closed.AcctStartTime).TotalSeconds.ShouldBe(60, 0.01);
        closed.AcctTerminateCause.ShouldBe("Lost-Carrier");
        (await UploadedAsync(user)).ShouldBe(30);
    }

    [Theory]
    [InlineData("Accounting-On")]
    [InlineData("Accounting-Off")]
    public async Task A_nas_that_restarts_closes_its_own_sessions_and_no_others(string status)
    {
        var restarting = await host.NasAsync();
        var other = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        foreach (var nas in new[] { restarting, other })
        {
            await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", "a"));
            await nas.AccountAsync("Start", ("User-Name", "not-a-subscriber"), ("Acct-Session-Id", "b"));
        }

        await Task.Delay(20);
        await restarting.AccountAsync(status, ("Acct-Session-Id", "boot"));
        await Task.Delay(20);
        await restarting.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", "c"));
        await MarkAsync(other);

        var rows = await RowsAsync(restarting, r => r.Any(s => s.AcctSessionId == "c"));
        rows.Where(r => r.AcctSessionId is "a" or "b").Select(r => r.AcctTerminateCause).ShouldBe(["NAS-Reboot", "NAS-Reboot"]);
        rows.Single(r => r.AcctSessionId == "c").AcctStopTime.ShouldBeNull();
        rows.Count.ShouldBe(3);
        (await RowsAsync(other, r => r.Any(s => s.AcctSessionId == "mark"))).ShouldAllBe(r => r.AcctStopTime == null);
    }

    [PeerFact("radclient")]
    public async Task A_wrong_authenticator_is_silence_and_leaves_nothing()
    {
        var nas = await host.NasAsync();
        var before = await host.DroppedAsync("acct", "bad_authenticator");
        const string record = "User-Name = someone\nAcct-Session-Id = forged\nAcct-Status-Type = Start";

        (await nas.RadclientAsync(record, "acct", secret: "not-it", waitSeconds: 1)).ShouldBe(null);

        await host.DropsAsync("acct", "bad_authenticator", before + 1);
        await MarkAsync(nas);
        (await RowsAsync(nas, r => r.Any(s => s.AcctSessionId == "mark"))).ShouldAllBe(r => r.AcctSessionId == "mark");
    }

    /// <summary>The worst a confused NAS can say must not keep the records behind it out of the table.</summary>
    [Fact]
    public async Task Nonsense_in_a_record_does_not_hold_up_the_others()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        const string most = "4294967295";
        (string, string)[] huge =
        [
            ("Acct-Session-Time", most),
            ("Acct-Input-Octets", most),
            ("Acct-Input-Gigawords", most),
            ("Acct-Output-Octets", most),
            ("Acct-Output-Gigawords", most),
            ("Acct-Delay-Time", most),
            ("Event-Timestamp", most),
        ];
        await nas.AccountAsync("Interim-Update", [("User-Name", user.Username), ("Acct-Session-Id", "huge-1"), .. huge]);
        await nas.AccountAsync("Interim-Update", [("User-Name", user.Username), ("Acct-Session-Id", "huge-2"), .. huge]);
        await nas.AccountAsync("Stop", [("User-Name", user.Username), ("Acct-Session-Id", "huge-1"), .. huge]);
        await nas.AccountAsync("Start"); // Not even a session id.
        var odd = new RequestBuilder(PacketCode.AccountingRequest)
            .Add("Acct-Status-Type", "Start")
            .Add(AttributeType.UserName, [0xff, 0x00, 0xed, 0xa0, 0x80])
            .Add(AttributeType.AcctSessionId, [0x00, 0x01, 0xfe])
            .Add(AttributeType.CallingStationId, [0x00])
            .Add(AttributeType.Class, [0x00, 0xff])
            .Add(AttributeType.NasPortId, [])
            .Add(AttributeType.FramedInterfaceId, [1, 2, 3])
            .Add(AttributeType.DelegatedIpv6Prefix, [0, 56, 0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, 0xff, 0xff, 0xff])
            .Add(AttributeType.FramedIpv6Prefix, [0, 200])
            .Add(AttributeType.FramedIpAddress, [1, 2, 3])
            .Add(AttributeType.AcctInputOctets, [1]);
        (await nas.SendAsync(odd)).Code.ShouldBe(PacketCode.AccountingResponse);

        await MarkAsync(nas);

        var rows = await RowsAsync(nas, r => r.Any(s => s.AcctSessionId == "mark"));
        rows.Count.ShouldBe(5);
        rows.Single(r => r.AcctSessionId == "huge-1").AcctInputOctets.ShouldBe(long.MaxValue);
        rows.ShouldAllBe(r => r.AcctStartTime > DateTime.UtcNow.AddYears(-2), "a row of long ago makes a partition of long ago");
    }

    [Fact]
    public async Task A_record_that_the_database_refuses_is_set_aside_and_the_others_pass()
    {
        var nas = await host.NasAsync();
        var before = await host.MetricAsync("radius_accounting_set_aside_total");
        await host.Database.ExecuteAsync("ALTER TABLE radacct ADD CONSTRAINT no_poison CHECK (username <> 'poison')");

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i => nas.AccountAsync("Start", ("User-Name", i == 20 ? "poison" : "good"), ("Acct-Session-Id", $"p{i}")))
        );

        (await RowsAsync(nas, r => r.Count == 39)).ShouldAllBe(r => r.AcctSessionId != "p20");
        await Eventually.IsTrueAsync(
            async () => await host.MetricAsync("radius_accounting_set_aside_total") == before + 1,
            "the one is set aside"
        );
        File.ReadAllLines(Path.Combine(host.Host.DataFolder, "journal", "refused.txt")).Length.ShouldBe(1);
        await host.Database.ExecuteAsync("ALTER TABLE radacct DROP CONSTRAINT no_poison");
    }

    /// <summary>A standby that takes over may lack the last commits; asynchronous commits may be lost in a crash.</summary>
    [Fact]
    public async Task What_the_database_took_and_lost_is_projected_again()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", "before"));
        await RowsAsync(nas, r => r.Count == 1);
        var position = await host.Database.ScalarAsync<long>("SELECT position FROM journal_positions");
        await nas.AccountAsync("Stop", ("User-Name", user.Username), ("Acct-Session-Id", "lost"), ("Acct-Input-Octets", "42"));
        await RowsAsync(nas, r => r.Count == 2);

        await host.Database.ExecuteAsync(
            """
            DELETE FROM radacct WHERE acctsessionid = 'lost';
            DELETE FROM usage_hourly WHERE subscriber_id = @Id;
            UPDATE journal_positions SET position = @position
            """,
            new { user.Id, position }
        );
        await nas.AccountAsync("Start", ("User-Name", user.Username), ("Acct-Session-Id", "after"));

        var rows = await RowsAsync(nas, r => r.Any(s => s.AcctSessionId == "after"));
        rows.Select(r => r.AcctSessionId).Order(StringComparer.Ordinal).ShouldBe(["after", "before", "lost"]);
        (await UploadedAsync(user)).ShouldBe(42);
    }

    private static Task MarkAsync(TestNas nas) => nas.AccountAsync("Start", ("User-Name", "marker"), ("Acct-Session-Id", "mark"));

    private async Task<IReadOnlyList<Row>> RowsAsync(TestNas nas, Func<IReadOnlyList<Row>, bool> enough)
    {
        IReadOnlyList<Row> rows = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                rows = await host.Database.QueryAsync<Row>(
                    """
                    SELECT acctsessionid, subscriber_id AS subscriberid, acctinputoctets, acctoutputoctets, acctsessiontime, acctstarttime, acctstoptime,
                        acctterminatecause, callingstationid, host(framedipaddress) AS framedipaddress,
                        delegatedipv6prefix::text AS delegatedipv6prefix, nasporttype
                    FROM radacct WHERE nas_id = @Id ORDER BY radacctid
                    """,
                    new { nas.Id }
                );
                return enough(rows);
            },
            "the accounting records are in radacct"
        );
        return rows;
    }

    private Task<long> UploadedAsync(TestSubscriber user) =>
        host.Database.ScalarAsync<long>(
            "SELECT coalesce(sum(uploaded_bytes), 0)::bigint FROM usage_hourly WHERE subscriber_id = @Id",
            user
        );

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static DateTime Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()).UtcDateTime;
}
