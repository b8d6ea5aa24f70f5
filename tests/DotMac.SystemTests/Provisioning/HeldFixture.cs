using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.TestWorker;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A host without a worker, and a worker beside whose steps the test holds, refuses or makes fatal.</summary>
public sealed class HeldFixture : ProvisioningFixture
{
    private readonly string keys = Workspace.NewFolder("keys");
    private HostProcess? worker;
    private int onus;

    protected override IReadOnlyList<string> Command => ["serve", "--roles", "web,aaa"];

    protected override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["DOTMAC_KEYS"] = keys, ["DOTMAC_LOG_LEVEL"] = "Warning" };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Database.ExecuteAsync(Holding.Tables);
        // Only the test compares.
        (await Admin.PatchAsync("/api/v1/reconciliation/settings", new { enabled = false })).ShouldHave(HttpStatusCode.OK);
        await WorkAsync();
    }

    public override async Task DisposeAsync()
    {
        if (worker is not null)
        {
            await worker.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <summary>A worker is there; another one, when the last one died.</summary>
    public async Task WorkAsync()
    {
        if (worker is { IsRunning: true })
        {
            return;
        }

        if (worker is not null)
        {
            await worker.DisposeAsync();
        }

        var options = new HostOptions
        {
            Executable = "DotMac.TestWorker",
            Command = ["hold"],
            Database = Database.Owner,
            Environment = Environment,
        };
        // A step may end it before it has said that it is ready: that is a death like any other.
        worker = HostProcess.Launch(options);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(!worker.IsRunning || worker.Output.Contains("Ready  http", StringComparison.Ordinal)),
            "the worker is there"
        );
    }

    /// <summary>An ONU that the worker's round has made the OLT see, on any of its ports: one carries 64.</summary>
    public async Task<string> SeenOnuAsync()
    {
        var number = Interlocked.Increment(ref onus);
        var serial = $"DMHD{number:X8}";
        (await Admin.PutAsync($"/api/v1/pon/simulator/onus/{serial}", new { olt_id = Olt, port = number % 4 })).ShouldHave(
            HttpStatusCode.OK
        );
        await Eventually.IsTrueAsync(
            async () => await Database.ScalarAsync<long>("SELECT count(*) FROM pon_onus WHERE serial = @serial", new { serial }) == 1,
            "the ONU is seen",
            TimeSpan.FromSeconds(30)
        );
        return serial;
    }

    public bool IsDead => worker is { IsRunning: false };

    /// <summary>What becomes of a step of a subject's runs from now on.</summary>
    public Task HoldAsync(Guid subject, string step, string kind, bool undo = false) =>
        Database.ExecuteAsync(
            "INSERT INTO test_holds (subject, step, undo, kind) VALUES (@subject, @step, @undo, @kind) ON CONFLICT (subject, step, undo) DO UPDATE SET kind = @kind, met = 0",
            new
            {
                subject,
                step,
                undo,
                kind,
            }
        );

    /// <summary>Nothing is held any more, and the run comes to its next attempt now.</summary>
    public Task LetGoAsync(Guid subject, Guid run) =>
        Database.ExecuteAsync(
            "DELETE FROM test_holds WHERE subject = @subject; UPDATE saga_runs SET due_at = now() WHERE id = @run",
            new { subject, run }
        );

    public Task MetAsync(Guid subject, string step, bool undo = false) =>
        Eventually.IsTrueAsync(
            async () =>
                await Database.ScalarAsync<int>(
                    "SELECT met FROM test_holds WHERE subject = @subject AND step = @step AND undo = @undo",
                    new
                    {
                        subject,
                        step,
                        undo,
                    }
                ) > 0,
            $"{step} is come to",
            TimeSpan.FromSeconds(30)
        );
}
