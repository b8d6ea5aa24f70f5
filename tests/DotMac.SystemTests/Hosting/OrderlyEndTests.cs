using System.Runtime.InteropServices;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Hosting;

/// <summary>An orderly end is a quick one: who updates a node waits for it.</summary>
[Collection(Alone.Name)]
public sealed class OrderlyEndTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task An_orderly_end_takes_less_than_five_seconds_even_with_an_open_stream_and_stops_the_cluster(PosixSignal signal)
    {
        await using var host = await HostProcess.StartAsync();
        using var held = new System.Net.Sockets.TcpClient("127.0.0.1", host.HttpPort);
        await held.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n"u8.ToArray());

        var took = await host.StopGentlyAsync(signal);

        took.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        host.ExitCode.ShouldBe(0, host.Output);
        File.Exists(Path.Combine(host.DataFolder, "postgres", "postmaster.pid")).ShouldBeFalse();
        File.Exists(Path.Combine(host.DataFolder, "pid")).ShouldBeFalse();
    }
}
