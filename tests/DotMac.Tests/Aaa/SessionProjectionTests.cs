using System.Net;
using DotMac.Access.Aaa.Accounting;

namespace DotMac.Tests.Aaa;

public class SessionProjectionTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 21, 3, 12, 0, TimeSpan.Zero);

    private static AccountingRecord Record(AcctStatus status, int second, long up = 0, long down = 0, string? cause = null) =>
        new()
        {
            TenantId = Guid.Empty,
            NasId = Guid.Empty,
            Status = status,
            ReceivedAt = T0.AddSeconds(second),
            HappenedAt = T0.AddSeconds(second),
            AcctSessionId = "s1",
            AcctUniqueId = "u1",
            NasIpAddress = IPAddress.Loopback,
            Username = "bob",
            SessionSeconds = Math.Max(0, second),
            UploadedBytes = up,
            DownloadedBytes = down,
            TerminateCause = cause,
        };

    private static AccountingRecord Start(int second = 0) => Record(AcctStatus.Start, second);

    private static AccountingRecord Interim(int second, long up, long down) => Record(AcctStatus.InterimUpdate, second, up, down);

    private static AccountingRecord Stop(int second, long up, long down) => Record(AcctStatus.Stop, second, up, down, "User-Request");

    private static (SessionRow? Row, long Up, long Down) Run(params AccountingRecord[] records)
    {
        SessionRow? row = null;
        var (up, down) = (0L, 0L);
        foreach (var record in records)
        {
            var projected = SessionProjection.Apply(row, record);
            row = projected.Row ?? row;
            up += projected.UploadedBytes;
            down += projected.DownloadedBytes;
        }

        return (row, up, down);
    }

    [Fact]
    public void A_session_in_order_ends_closed_with_its_last_counters()
    {
        var (row, up, down) = Run(Start(), Interim(300, 1_000, 20_000), Stop(400, 1_500, 30_000));

        row!.IsOpen.ShouldBeFalse();
        row.StartedAt.ShouldBe(T0);
        row.StoppedAt.ShouldBe(T0.AddSeconds(400));
        row.SessionSeconds.ShouldBe(400);
        (row.UploadedBytes, row.DownloadedBytes).ShouldBe((1_500, 30_000));
        row.TerminateCause.ShouldBe("User-Request");
        (up, down).ShouldBe((1_500, 30_000));
        (row.UploadBps, row.DownloadBps).ShouldBe((0, 0));
    }

    [Fact]
    public void An_interim_tells_the_rate_of_its_interval()
    {
        var (row, _, _) = Run(Start(), Interim(100, 1_000, 10_000));

        row!.UploadBps.ShouldBe(80);
        row.DownloadBps.ShouldBe(800);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lost_start_is_reckoned_from_the_session_time(bool byInterim)
    {
        var (row, up, _) = Run(Record(byInterim ? AcctStatus.InterimUpdate : AcctStatus.Stop, 250, 7, 9));

        row!.StartedAt.ShouldBe(T0);
        up.ShouldBe(7);
        row.IsOpen.ShouldBe(byInterim);
    }

    [Fact]
    public void A_late_start_corrects_the_beginning_and_counts_nothing()
    {
        var (row, up, _) = Run(Interim(250, 7, 9), Start(-3));

        row!.StartedAt.ShouldBe(T0.AddSeconds(-3));
        row.StoredStart.ShouldBe(T0);
        up.ShouldBe(7);
    }

    [Fact]
    public void A_late_interim_behind_a_stop_changes_nothing()
    {
        var (row, up, down) = Run(Start(), Stop(400, 1_500, 30_000), Interim(300, 1_000, 20_000));

        row!.IsOpen.ShouldBeFalse();
        (up, down).ShouldBe((1_500, 30_000));
    }

    [Fact]
    public void A_counter_that_went_down_was_reset_and_counts_from_zero()
    {
        var (row, up, down) = Run(Start(), Interim(300, 1_000, 20_000), Interim(600, 10, 200));

        (row!.UploadedBytes, row.DownloadedBytes).ShouldBe((1_010, 20_200));
        (up, down).ShouldBe((1_010, 20_200));
    }

    public static readonly TheoryData<string, long[], bool, long, long> Counters = new()
    {
        // What the NAS's counters showed, up and down in turn; whether it sends Gigawords; what was really sent and received.
        { "nothing odd", [0, 0, 100, 1_000, 250, 2_500], false, 250, 2_500 },
        { "reset of both", [0, 0, 1_000, 20_000, 10, 200], false, 1_010, 20_200 },
        { "reset, and growing again", [0, 0, 1_000, 20_000, 10, 200, 50, 900], false, 1_050, 20_900 },
        { "two resets", [0, 0, 1_000, 20_000, 10, 200, 5, 100], false, 1_015, 20_300 },
        { "reset hidden in one direction", [0, 0, 1_000, 200, 10, 500], false, 1_010, 700 },
        { "a 32-bit counter passes its end", [0, 0, 10, 4_294_967_000, 20, 1_000], false, 20, 4_294_968_296 },
        { "and passes it again", [0, 0, 1, 4_294_967_000, 2, 1_000, 3, 4_000_000_000, 4, 5], false, 4, 8_589_934_597 },
        { "a reset of one that sends Gigawords", [0, 0, 10, 4_294_967_000, 5, 1_000], true, 15, 4_294_968_000 },
        { "Gigawords", [0, 0, 10, 4_294_967_000, 20, 4_294_968_296], true, 20, 4_294_968_296 },
        { "the worst", [0, 0, long.MaxValue, long.MaxValue, 5, 5], true, long.MaxValue, long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Counters))]
    public void Octets_are_counted_through_resets_and_wraps(string what, long[] shown, bool gigawords, long up, long down)
    {
        var records = shown.Chunk(2).Select((c, i) => Interim(300 * (i + 1), c[0], c[1]) with { HasGigawords = gigawords }).ToArray();

        var (row, _, _) = Run(records);

        (row!.UploadedBytes, row.DownloadedBytes).ShouldBe((up, down), what);
    }

    [Fact]
    public void A_stop_overtaken_by_a_newer_interim_takes_no_octets_back_and_counts_none_twice()
    {
        var (row, up, down) = Run(Start(), Interim(600, 2_000, 40_000), Stop(590, 1_900, 39_000));

        row!.StoppedAt.ShouldBe(T0.AddSeconds(590));
        (row.UploadedBytes, row.DownloadedBytes).ShouldBe((2_000, 40_000));
        (up, down).ShouldBe((2_000, 40_000));
    }

    private static SessionRow Presumed(string cause) =>
        Run(Start(), Interim(300, 1_000, 20_000)).Row! with
        {
            StoppedAt = T0.AddSeconds(600),
            TerminateCause = cause,
            PresumedStop = true,
            RadAcctId = 7,
        };

    [Fact]
    public void A_ghost_that_speaks_again_is_the_same_session_open_again()
    {
        var (row, up, down) = SessionProjection.Apply(Presumed("Lost-Carrier"), Interim(1_500, 1_200, 21_000));

        (row!.RadAcctId, row.IsOpen, row.TerminateCause, row.PresumedStop).ShouldBe((7, true, null, false));
        (up, down).ShouldBe((200, 1_000));
    }

    [Fact]
    public void A_stop_overrules_a_presumed_end()
    {
        var (row, up, _) = SessionProjection.Apply(Presumed("Lost-Carrier"), Stop(1_500, 1_200, 21_000));

        (row!.StoppedAt, row.TerminateCause, row.PresumedStop).ShouldBe((T0.AddSeconds(1_500), "User-Request", false));
        up.ShouldBe(200);
    }

    [Fact]
    public void What_a_nas_said_before_it_restarted_counts_but_does_not_bring_the_session_back()
    {
        var (before, up, _) = SessionProjection.Apply(Presumed("NAS-Reboot"), Interim(500, 1_100, 20_000));
        (before!.IsOpen, before.TerminateCause, up).ShouldBe((false, "NAS-Reboot", 100));

        var (after, _, _) = SessionProjection.Apply(before, Interim(900, 1_300, 20_000));
        after!.IsOpen.ShouldBeTrue("it survived the restart");
    }

    [Fact]
    public void A_start_behind_a_presumed_end_is_another_session()
    {
        var (row, _, _) = SessionProjection.Apply(Presumed("Lost-Carrier"), Start(700));

        (row!.RadAcctId, row.StartedAt).ShouldBe((0, T0.AddSeconds(700)));
    }

    [Fact]
    public void A_session_id_used_again_after_its_stop_is_another_session()
    {
        var (row, up, _) = Run(Start(), Stop(400, 1_500, 30_000), Start(500), Interim(800, 5, 6));

        row!.IsOpen.ShouldBeTrue();
        row.StartedAt.ShouldBe(T0.AddSeconds(500));
        up.ShouldBe(1_505);
    }

    [Fact]
    public void Every_order_and_repetition_of_the_records_gives_the_same_octets_and_a_closed_session()
    {
        AccountingRecord[] records = [Start(), Interim(300, 1_000, 20_000), Interim(600, 2_000, 40_000), Stop(700, 2_500, 50_000)];
        foreach (var order in Permutations(records))
        {
            var (row, up, down) = Run([.. order, .. order]);

            row!.IsOpen.ShouldBeFalse();
            row.StartedAt.ShouldBe(T0);
            row.StoppedAt.ShouldBe(T0.AddSeconds(700));
            (row.UploadedBytes, row.DownloadedBytes).ShouldBe((2_500, 50_000));
            (up, down).ShouldBe((2_500, 50_000));
        }
    }

    private static IEnumerable<AccountingRecord[]> Permutations(AccountingRecord[] of) =>
        of.Length == 1
            ? [of]
            : of.SelectMany(first => Permutations([.. of.Where(r => r != first)]).Select(rest => (AccountingRecord[])[first, .. rest]));
}
