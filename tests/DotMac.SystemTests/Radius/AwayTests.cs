using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Radius;

/// <summary>A node that starts while PostgreSQL is down serves from the image on its disk.</summary>
[Trait("Category", "Drill")]
[Collection(Alone.Name)]
public sealed class AwayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PeerFact("radclient")]
    public async Task Killed_and_started_again_without_postgresql_it_serves_and_keeps_and_drains_once()
    {
        var cluster = await PostgresCluster.StartAsync();
        try
        {
            await DrillAsync(cluster);
        }
        finally
        {
            await cluster.RemoveAsync();
        }
    }

    private static async Task DrillAsync(PostgresCluster cluster)
    {
        await cluster.ExecuteAsync("postgres", "ALTER ROLE ALL SET synchronous_commit = on");
        var database = new TestDatabase();
        database.PutOn(cluster);
        await database.InitializeAsync();
        var data = Workspace.NewFolder("away");
        var (secret, name) = ("away-secret-1", "away@isp");
        const string address = "127.78.0.1";
        await using (var whole = await HostProcess.StartAsync(new HostOptions { Database = database.Owner, DataFolder = data }))
        {
            using var admin = whole.Api();
            await admin.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);
            (
                await admin.PostAsync(
                    "/api/v1/radius/nas",
                    new
                    {
                        nasname = address,
                        shortname = "away",
                        secret,
                    }
                )
            ).ShouldHave(HttpStatusCode.Created);
            var login = new
            {
                username = name,
                password = RadiusFixture.Password,
                framed_ipv4_address = "203.0.113.5",
                simultaneous_use = 0,
            };
            (await admin.PostAsync("/api/v1/radius/subscribers", login)).ShouldHave(HttpStatusCode.Created);
        }

        var options = new HostOptions
        {
            Database = database.Owner,
            DataFolder = data,
            Command = ["serve", "--roles", "aaa"],
        };
        // The first host has left an image of its own, which may be older than the login: only what the node itself writes counts.
        var image = Path.Combine(data, "snapshot", "aaa.image");
        if (File.Exists(image))
        {
            File.Delete(image);
        }

        await using var node = await HostProcess.StartAsync(options);
        var nas = new TestNas(node, address, secret, Guid.Empty);
        await Eventually.IsTrueAsync(() => Task.FromResult(File.Exists(image)), "the image is written", Patience);
        (File.GetUnixFileMode(image) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
        (await File.ReadAllBytesAsync(image)).AsSpan().IndexOf("correct-horse"u8).ShouldBe(-1, "no password in the clear");

        await cluster.StopServerAsync("immediate");
        await node.KillHardAsync();
        await node.StartAgainAsync();
        var accept = await nas.RadclientAsync($"User-Name = {name}\nUser-Password = {RadiusFixture.Password}");
        accept.ShouldBe("Access-Accept")["Framed-IP-Address"].ShouldBe(["203.0.113.5"]);
        (await nas.RadclientAsync($"User-Name = {name}\nUser-Password = wrong")).ShouldBe("Access-Reject");
        for (var i = 0; i < 20; i++)
        {
            await nas.AccountAsync("Start", ("User-Name", name), ("Acct-Session-Id", $"away-{i}"), ("NAS-IP-Address", address));
        }

        using var open = node.Api();
        var ready = await open.GetAsync("/health/ready");
        ready.Text.ShouldContain("degraded");
        ready.Text.ShouldContain("from the image on disk");

        await cluster.StartServerAsync();
        await Eventually.IsTrueAsync(
            async () => await database.ScalarAsync<long>("SELECT count(*) FROM radacct WHERE acctsessionid LIKE 'away-%'") == 20,
            "the journal is drained",
            Patience
        );
        (await database.ScalarAsync<long>("SELECT count(DISTINCT acctsessionid) FROM radacct")).ShouldBe(20, "each once");
        await Eventually.IsTrueAsync(
            async () => (await open.GetAsync("/health/ready")).Text.Contains("\"status\":\"healthy\"", StringComparison.Ordinal),
            "it says that it is well again",
            Patience
        );

        // A damaged image is refused aloud: the node waits for the database instead of serving what may be wrong.
        await cluster.StopServerAsync("immediate");
        await node.KillHardAsync();
        var bytes = await File.ReadAllBytesAsync(image);
        bytes[^200] ^= 1;
        await File.WriteAllBytesAsync(image, bytes);
        await using var damaged = HostProcess.Launch(options);
        await damaged.WaitForAsync("is refused", Patience);
        await damaged.KillHardAsync();
    }
}
