using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Hosting;

/// <summary>Traces and metrics reach an OTLP/HTTP receiver.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task A_receiver_gets_traces_and_metrics_of_the_platform()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var receiver = new Receiver();
        await using var host = await HostProcess.StartAsync(
            new HostOptions
            {
                Database = database.Owner,
                Environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address },
            }
        );
        using (var api = host.Api())
        {
            await api.GetAsync("/api/v1/auth/me");
        }

        (await host.StopGentlyAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(15), "what is left is sent at the end");

        receiver.Got("/v1/traces", "GetMe").ShouldBeTrue(receiver.Seen);
        receiver.Got("/v1/traces", "dotmac").ShouldBeTrue(receiver.Seen);
        receiver.Got("/v1/metrics", "dotmac_use_case_duration_seconds").ShouldBeTrue(receiver.Seen);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_disturbs_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await HostProcess.StartAsync(
            new HostOptions
            {
                Database = database.Owner,
                Environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" },
            }
        );
        using var api = host.Api();

        (await api.GetAsync("/health/ready")).ShouldHave(HttpStatusCode.OK);
        (await host.StopGentlyAsync()).ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    /// <summary>Takes what is posted and answers 200, as a collector does. Names stand as plain text in the protobuf.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly ConcurrentQueue<(string Path, string Body)> requests = new();

        public Receiver()
        {
            Address = "http://127.0.0.1:" + Ports.Tcp().ToString(CultureInfo.InvariantCulture);
            listener.Prefixes.Add(Address + "/");
            listener.Start();
            _ = ReceiveAsync();
        }

        public string Address { get; }

        public string Seen => string.Join(", ", requests.Select(r => $"{r.Path} {r.Body.Length}"));

        public bool Got(string path, string word) => requests.Any(r => r.Path == path && r.Body.Contains(word, StringComparison.Ordinal));

        public void Dispose() => listener.Close();

        private async Task ReceiveAsync()
        {
            while (listener.IsListening)
            {
                try
                {
                    var context = await listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                    requests.Enqueue((context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync()));
                    context.Response.ContentType = "application/x-protobuf";
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
