using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Hosting;

/// <summary>What is wrong with the settings or the machine is told before anything is started, with the key and the mend.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task Bad_settings_are_all_told_at_once_and_nothing_is_started()
    {
        var (code, output) = await RunAsync(("DOTMAC_HTTP_PORT", "abc"), ("DOTMAC_LOG_FORMAT", "xml"), ("DOTMAC_DATABASE", "nonsense"));

        code.ShouldBe(2, output);
        output.ShouldContain("DOTMAC_HTTP_PORT: \"abc\" is not a port (1-65535). Set it to a free port, e.g. 8080.");
        output.ShouldContain("DOTMAC_LOG_FORMAT: ");
        output.ShouldContain("DOTMAC_DATABASE: ");
        output.ShouldNotContain("   at ", customMessage: "no stack trace");
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("serve", "--roles", "web,king")]
    [InlineData("up", "--fast")]
    public async Task A_bad_command_line_ends_with_2(params string[] command)
    {
        var (code, output) = await HostProcess.RunAsync(new HostOptions { Command = command });

        code.ShouldBe(2, output);
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_taken_port_is_told_by_its_key()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;

        var (code, output) = await HostProcess.RunAsync(new HostOptions { HttpPort = port });

        code.ShouldBe(1, output);
        output.ShouldContain($"DOTMAC_HTTP_PORT: port {port} is in use");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_told()
    {
        var file = Path.Combine(Workspace.NewFolder("file"), "a-file");
        await File.WriteAllTextAsync(file, "");

        var (code, output) = await RunAsync(("DOTMAC_DATA", Path.Combine(file, "below")));

        code.ShouldBe(2, output);
        output.ShouldContain("DOTMAC_DATA: ");
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=dotmac;Username=owner;Password=hunter2-hunter2")]
    [InlineData("postgres://owner:hunter2-hunter2@127.0.0.1:1/dotmac")]
    public async Task A_database_that_does_not_answer_is_told_without_its_password(string database)
    {
        var (code, output) = await RunAsync(("DOTMAC_DATABASE", database));

        code.ShouldBe(1, output);
        output.ShouldContain("DOTMAC_DATABASE: ");
        output.ShouldNotContain("hunter2");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Doctor_says_what_is_well_and_what_to_mend()
    {
        var (code, output) = await HostProcess.RunAsync(
            new HostOptions
            {
                Command = ["doctor"],
                Environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" },
            }
        );

        code.ShouldBe(1, output);
        output.ShouldContain("ok    PostgreSQL");
        output.ShouldContain("FAIL  Telemetry receiver");
    }

    private static Task<(int ExitCode, string Output)> RunAsync(params (string Key, string Value)[] environment) =>
        HostProcess.RunAsync(new HostOptions { Environment = environment.ToDictionary(e => e.Key, e => e.Value) });
}
