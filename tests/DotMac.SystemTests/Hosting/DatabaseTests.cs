using System.Net;
using DotMac.SystemTests.Harness;
using Npgsql;

namespace DotMac.SystemTests.Hosting;

/// <summary>A PostgreSQL server of the operator's own: roles, migrations, and what happens when it goes away.</summary>
public sealed class DatabaseTests : IAsyncLifetime
{
    private PostgresCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await PostgresCluster.StartAsync();

    public Task DisposeAsync() => cluster.RemoveAsync();

    [Fact]
    public async Task An_owner_that_is_no_superuser_is_enough_and_the_platform_works_as_roles_that_can_do_nothing_else()
    {
        var owner = await ModestOwnerAsync("isp");

        await using (var host = await HostProcess.StartAsync(new HostOptions { Database = owner }))
        {
            Directory.Exists(Path.Combine(host.DataFolder, "postgres")).ShouldBeFalse("no private cluster beside a server of one's own");
            using var api = host.Api();
            (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);
        }

        // A second node, on its own folder, derives the same passwords.
        await using var second = await HostProcess.StartAsync(new HostOptions { Database = owner });
        (
            await cluster.QueryAsync(
                "isp",
                """
                SELECT rolname FROM pg_roles WHERE rolname LIKE 'dotmac\_%'
                    AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication) AND rolcanlogin ORDER BY 1
                """
            )
        ).ShouldBe(["dotmac_aaa", "dotmac_app", "dotmac_platform"]);
        (
            await cluster.QueryAsync(
                "isp",
                "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname LIKE 'dotmac\\_%'"
            )
        ).ShouldBeEmpty("the working roles own nothing");
    }

    [Fact]
    public async Task An_owner_that_may_not_make_roles_is_told_what_to_grant()
    {
        await cluster.ExecuteAsync("postgres", "CREATE ROLE weak LOGIN PASSWORD 'weak-owner'; ");
        await cluster.ExecuteAsync("postgres", "CREATE DATABASE weak OWNER weak");

        var (code, output) = await HostProcess.RunAsync(
            new HostOptions { Database = cluster.ConnectionString("weak", "weak", "weak-owner"), Command = ["migrate"] }
        );

        code.ShouldBe(1, output);
        output.ShouldContain("ALTER ROLE \"weak\" CREATEROLE;");
    }

    [Fact]
    public async Task Migrate_is_repeatable_and_refuses_a_changed_old_file_by_name()
    {
        var owner = await ModestOwnerAsync("again");
        var options = new HostOptions { Database = owner, Command = ["migrate"] };
        (await HostProcess.RunAsync(options)).Output.ShouldContain("applied 0001_foundation.sql");

        var (code, output) = await HostProcess.RunAsync(options);
        code.ShouldBe(0, output);
        output.ShouldContain("The schema is current");
        output.ShouldNotContain("applied ");

        await cluster.ExecuteAsync("again", "UPDATE schema_migrations SET sha256 = 'ffff' WHERE version = 1");
        (code, output) = await HostProcess.RunAsync(options);
        code.ShouldBe(1, output);
        output.ShouldContain("db/0001_foundation.sql was changed after it was applied");
    }

    [Fact]
    public async Task Eight_nodes_that_migrate_at_once_apply_each_file_once()
    {
        var owner = await ModestOwnerAsync("race");

        var runs = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => HostProcess.RunAsync(new HostOptions { Database = owner, Command = ["migrate"] }))
        );

        runs.ShouldAllBe(run => run.ExitCode == 0);
        runs.Count(run => run.Output.Contains("applied 0001_foundation.sql", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Serve_on_a_schema_that_is_not_there_says_migrate()
    {
        var owner = await ModestOwnerAsync("bare");
        (await HostProcess.RunAsync(new HostOptions { Database = owner, Command = ["migrate"] })).ExitCode.ShouldBe(0);
        await cluster.ExecuteAsync("bare", "DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations)");

        var (code, output) = await HostProcess.RunAsync(new HostOptions { Database = owner, Command = ["serve"] });

        code.ShouldBe(1, output);
        output.ShouldContain("Run: dotmac migrate");
    }

    [Fact]
    public async Task Ready_answers_503_while_the_database_is_down_and_200_after_it_is_back()
    {
        var owner = await ModestOwnerAsync("down");
        await using var host = await HostProcess.StartAsync(new HostOptions { Database = owner });
        using var api = host.Api();
        (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);

        await cluster.StopServerAsync();
        var down = (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.ServiceUnavailable);
        down["checks.schema.status"].GetString().ShouldBe("unhealthy");
        (await api.GetAsync("/health/live")).ShouldHave(HttpStatusCode.OK);
        await cluster.StartServerAsync();

        await Eventually.IsTrueAsync(async () => (await api.GetAsync("/health/ready")).Status == HttpStatusCode.OK, "ready again");
        (await host.StopGentlyAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task After_a_restart_of_the_server_nobody_pays_for_the_connections_of_before(string mode)
    {
        // What was written before the crash is still there: the test is about the connections.
        var owner = new NpgsqlConnectionStringBuilder(await ModestOwnerAsync("again")) { Options = "-c synchronous_commit=on" };
        await using var host = await HostProcess.StartAsync(new HostOptions { Database = owner.ConnectionString });
        using var api = host.Api();
        await api.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);
        await AllAreAnsweredAsync();

        // More than once: who comes while another caller's loss empties the pool is seen in some rounds, not in each.
        for (var round = 0; round < 3; round++)
        {
            await cluster.StopServerAsync(mode);
            await cluster.StartServerAsync();

            // Who signs in has no tenant yet, and no connection of his own either.
            using var another = host.Api();
            await Task.WhenAll(AllAreAnsweredAsync(), another.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword));
        }

        async Task AllAreAnsweredAsync()
        {
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => api.GetAsync("/api/v1/radius/nas"))))
            {
                answer.ShouldHave(HttpStatusCode.OK);
            }
        }
    }

    [Fact]
    public async Task What_was_answered_is_on_disk_although_its_locks_were_let_go_before()
    {
        // Nothing but the commit itself brings the log to the disk now.
        await cluster.ExecuteAsync("postgres", "ALTER SYSTEM SET wal_writer_delay = '10s'");
        await cluster.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        var owner = new NpgsqlConnectionStringBuilder(await ModestOwnerAsync("kept")) { Options = "-c synchronous_commit=on" };
        await using var host = await HostProcess.StartAsync(new HostOptions { Database = owner.ConnectionString });
        using var api = host.Api();
        await api.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);

        foreach (var round in Enumerable.Range(1, 5))
        {
            var plan = new
            {
                name = $"plan {round}",
                download_rate_kbps = 1000,
                upload_rate_kbps = 1000,
            };
            var made = (await api.PostAsync("/api/v1/radius/bandwidth-profiles", plan)).ShouldHave(HttpStatusCode.Created);
            await cluster.StopServerAsync("immediate");
            await cluster.StartServerAsync();

            (await api.GetAsync($"/api/v1/radius/bandwidth-profiles/{made["id"]}")).ShouldHave(HttpStatusCode.OK);
        }

        (
            await HostProcess.RunAsync(new HostOptions { Database = owner.ConnectionString, Command = ["audit", "verify"] })
        ).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Another_installation_with_another_owner_on_the_same_server_does_not_take_the_roles_over()
    {
        await using var host = await HostProcess.StartAsync(new HostOptions { Database = await ModestOwnerAsync("mine") });

        var (code, output) = await HostProcess.RunAsync(
            new HostOptions { Database = await ModestOwnerAsync("theirs", "another-password"), Command = ["migrate"] }
        );

        code.ShouldBe(1, output);
        output.ShouldContain("in use by another installation");
        using var api = host.Api();
        (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);
    }

    /// <summary>A role that may make roles and owns one database, and nothing else.</summary>
    private async Task<string> ModestOwnerAsync(string name, string password = "modest-owner")
    {
        await cluster.ExecuteAsync("postgres", $"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{password}'");
        await cluster.ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {name}");
        return cluster.ConnectionString(name, name, password);
    }
}
