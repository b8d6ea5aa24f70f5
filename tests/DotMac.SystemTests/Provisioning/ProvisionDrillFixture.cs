using DotMac.SystemTests.Harness;
using DotMac.TestWorker;

namespace DotMac.SystemTests.Provisioning;

/// <summary>A host without a worker, a PostgreSQL of its own that can be crashed, and workers in processes of their own that can be killed.</summary>
public sealed class ProvisionDrillFixture : ProvisioningFixture
{
    private readonly string keys = Workspace.NewFolder("keys");

    public PostgresCluster Cluster { get; private set; } = null!;

    protected override IReadOnlyList<string> Command => ["serve", "--roles", "web,aaa"];

    protected override IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["DOTMAC_RADIUS_REJECTS_PER_MINUTE"] = "0",
            ["DOTMAC_KEYS"] = keys,
            ["DOTMAC_LOG_LEVEL"] = "Warning",
        };

    public override async Task InitializeAsync()
    {
        Cluster = await PostgresCluster.StartAsync();
        // A crash must keep what was committed, as in production; the test servers are otherwise fast instead of durable.
        await Cluster.ExecuteAsync("postgres", "ALTER ROLE ALL SET synchronous_commit = on");
        Database.PutOn(Cluster);
        await base.InitializeAsync();
        await Database.ExecuteAsync(Drill.Tables);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Cluster.RemoveAsync();
    }

    /// <summary>A worker with trouble in every step.</summary>
    public Task<HostProcess> WorkerAsync(int seed) =>
        HostProcess.StartAsync(
            new HostOptions
            {
                Executable = "DotMac.TestWorker",
                Command = ["drill", seed.ToString(System.Globalization.CultureInfo.InvariantCulture)],
                Database = Database.Owner,
                Environment = Environment,
            }
        );
}
