using System.Net;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>A host whose journal lies on a disk of its own of a few MiB.</summary>
public sealed class FullDiskFixture : DrillFixture
{
    public const int MiB = 3;
    private readonly string disk = Workspace.NewFolder("disk");

    protected override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTMAC_JOURNAL"] = disk, ["DOTMAC_JOURNAL_WARN_MIB"] = "1" };

    public string Journal => disk;

    public override async Task InitializeAsync()
    {
        var (code, output) = await Peer.RunAsync("mount", null, "-t", "tmpfs", "-o", $"size={MiB}m", "tmpfs", disk);
        code.ShouldBe(0, output);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Peer.RunAsync("umount", null, "-l", disk);
    }
}

/// <summary>A fact that mounts.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "only root may mount";
}

/// <summary>The journal's disk fills while NAS report: nothing is acknowledged that is not on the disk, nothing acknowledged is lost, and it goes on by itself.</summary>
[Trait("Category", "Drill")]
public sealed class FullDiskTests(FullDiskFixture host) : IClassFixture<FullDiskFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [MountFact]
    public async Task A_full_disk_acknowledges_nothing_and_loses_nothing()
    {
        var nas = await host.NasAsync();
        var user = await host.SubscriberAsync(new { simultaneous_use = 0 });
        var load = new AccountingLoad(nas, user.Username);
        using var stop = new CancellationTokenSource();
        await host.Cluster.StopServerAsync("immediate");
        var running = load.RunAsync(stop.Token);
        try
        {
            await Eventually.IsTrueAsync(
                async () => (await JournalAsync()).Status == "degraded",
                "the health tells of the backlog",
                Patience
            );
            await Eventually.IsTrueAsync(
                async () =>
                    await JournalAsync() is { Status: "unhealthy", Detail: var detail }
                    && detail.Contains("cannot be written", StringComparison.Ordinal),
                "the health tells of the full disk",
                Patience
            );
            (await MetricAsync("radius_journal_writable")).ShouldBe(0);
            await Task.Delay(1_000);
            var acknowledged = load.Acknowledged;
            await Task.Delay(2_000);
            load.Acknowledged.ShouldBe(acknowledged, "what is not durable is not acknowledged");
            acknowledged.ShouldBeGreaterThan(1_000);
            (await MetricAsync("radius_dropped_total{")).ShouldBeGreaterThan(0);
            (await nas.AccessAsync(user.Username, user.Password)).Code.ShouldBe(PacketCode.AccessAccept, "authentication goes on");
        }
        finally
        {
            await host.Cluster.StartServerAsync();
        }

        // The database takes the journal, its segments go, and there is room again.
        var before = load.Acknowledged;
        await Eventually.IsTrueAsync(() => Task.FromResult(load.Acknowledged > before + 500), "accounting is acknowledged again", Patience);
        await stop.CancelAsync();
        await running;

        var ledger = load.Ledger;
        await Eventually.IsTrueAsync(async () => (await StoredAsync(nas)).Count >= ledger.Count, "every session is stored", Patience);
        // The last records of a session come behind its first one.
        var stored = await StoredAsync(nas);
        bool IsWrong(KeyValuePair<string, int> s) =>
            !stored.TryGetValue(s.Key, out var row) || row.Rows != 1 || row.Uploaded < AccountingLoad.Uploaded(s.Value);
        var usage = 0m;
        await Eventually.IsTrueAsync(
            async () =>
            {
                usage = await host.Database.ScalarAsync<decimal>(
                    "SELECT sum(uploaded_bytes) FROM usage_daily WHERE subscriber_id = @Id",
                    user
                );
                stored = await StoredAsync(nas);
                return !ledger.Any(IsWrong) && usage == stored.Values.Sum(s => (decimal)s.Uploaded);
            },
            "every session has at least what was acknowledged, and no octet is counted twice or forgotten",
            Patience
        );
        await Eventually.IsTrueAsync(async () => (await JournalAsync()).Status == "healthy", "the health is well again", Patience);
        Directory.GetFiles(host.Journal, "*.journal").Length.ShouldBe(1, "what is in the database is not kept");
    }

    private async Task<(string Status, string Detail)> JournalAsync()
    {
        using var anonymous = host.Host.Api();
        var check = (await anonymous.GetAsync("/health/ready"))["checks.journal"];
        return (check.GetProperty("status").GetString()!, check.GetProperty("detail").GetString() ?? "");
    }

    /// <summary>The sum over a metric's series; asked without signing in, because the database is away.</summary>
    private async Task<double> MetricAsync(string start)
    {
        using var anonymous = host.Host.Api();
        var text = (await anonymous.GetAsync("/metrics")).ShouldHave(HttpStatusCode.OK).Text;
        return text.Split('\n')
            .Where(l => l.StartsWith(start, StringComparison.Ordinal) && !l.StartsWith('#'))
            .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task<Dictionary<string, (long Rows, long Uploaded)>> StoredAsync(TestNas nas) =>
        (
            await host.Database.QueryAsync<(string Session, long Rows, long Up)>(
                "SELECT acctsessionid, count(*), max(acctinputoctets) FROM radacct WHERE nas_id = @Id GROUP BY acctsessionid",
                new { nas.Id }
            )
        ).ToDictionary(r => r.Session, r => (r.Rows, r.Up), StringComparer.Ordinal);
}
