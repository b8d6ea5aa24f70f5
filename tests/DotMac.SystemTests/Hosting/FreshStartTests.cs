using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Hosting;

/// <summary>One command on an empty folder gives a working platform, and its private cluster survives whatever happens to the host.</summary>
public sealed class FreshStartTests
{
    [Fact]
    public async Task An_empty_folder_becomes_a_ready_platform()
    {
        await using var host = await HostProcess.StartAsync();
        using var api = host.Api();

        (await api.GetAsync("/health/live")).ShouldHave(HttpStatusCode.OK);
        var ready = (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);
        ready["checks.schema.status"].GetString().ShouldBe("healthy");
        host.Output.ShouldContain($"Ready  http://127.0.0.1:{host.HttpPort}");
        File.GetUnixFileMode(Path.Combine(host.DataFolder, "postgres.password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_second_up_on_the_same_folder_is_refused_and_says_who_holds_it()
    {
        await using var host = await HostProcess.StartAsync();

        var (code, output) = await HostProcess.RunAsync(new HostOptions { DataFolder = host.DataFolder });

        code.ShouldBe(3, output);
        output.ShouldContain($"process {host.ProcessId}");
        using var api = host.Api();
        (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_kill_minus_nine_the_cluster_is_found_again_with_its_data()
    {
        await using var host = await HostProcess.StartAsync();
        await host.KillHardAsync();
        var postmaster = await File.ReadAllLinesAsync(Path.Combine(host.DataFolder, "postgres", "postmaster.pid"));
        Directory.Exists("/proc/" + postmaster[0]).ShouldBeTrue("the cluster must outlive the host");

        await host.StartAgainAsync();

        host.Output.ShouldNotContain("Applied ", customMessage: "the schema of before is still there");
        (await File.ReadAllLinesAsync(Path.Combine(host.DataFolder, "postgres", "postmaster.pid")))[0].ShouldBe(postmaster[0]);
        using var api = host.Api();
        (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_kill_minus_nine_of_host_and_cluster_it_recovers()
    {
        await using var host = await HostProcess.StartAsync();
        await host.KillHardAsync();
        var pid = (await File.ReadAllLinesAsync(Path.Combine(host.DataFolder, "postgres", "postmaster.pid")))[0];
        await Peer.RunAsync("kill", null, "-9", pid);

        await host.StartAgainAsync();

        host.Output.ShouldNotContain("Applied ");
        using var api = host.Api();
        (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Half_an_initdb_is_not_taken_for_a_cluster()
    {
        var folder = Workspace.NewFolder("half");
        var half = Directory.CreateDirectory(Path.Combine(folder, ".initdb-deadbeef", "data"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "PG_VERSION"), "15\n");

        await using var host = await HostProcess.StartAsync(new HostOptions { DataFolder = folder });

        Directory.EnumerateDirectories(folder, ".initdb-*").ShouldBeEmpty();
    }
}
