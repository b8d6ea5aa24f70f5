using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Hosting;

/// <summary>An orderly end is a quick one: who updates a node waits for it.</summary>
[Collection(Alone.Name)]
public sealed class OrderlyEndTests
{
    [Fact]
    public async Task A_receiver_of_telemetry_that_takes_and_never_answers_does_not_hold_the_end_up()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var host = await HostProcess.StartAsync(
            new HostOptions
            {
                Environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{mute.LocalEndpoint}" },
            }
        );
        using (var api = host.Api())
        {
            await api.GetAsync("/api/v1/auth/me");
        }

        var stopping = host.StopGentlyAsync();
        using var asked = await mute.AcceptTcpClientAsync();

        (await stopping).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task An_orderly_end_takes_less_than_five_seconds_even_with_an_open_stream_and_stops_the_cluster(PosixSignal signal)
    {
        await using var host = await HostProcess.StartAsync();
        using var held = new TcpClient("127.0.0.1", host.HttpPort);
        await held.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n"u8.ToArray());

        var took = await host.StopGentlyAsync(signal);

        took.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        host.ExitCode.ShouldBe(0, host.Output);
        File.Exists(Path.Combine(host.DataFolder, "postgres", "postmaster.pid")).ShouldBeFalse();
        File.Exists(Path.Combine(host.DataFolder, "pid")).ShouldBeFalse();
    }
}
