using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DotMac.SystemTests.Harness;

/// <summary>A request that came, its body read.</summary>
public sealed record HttpAsked(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body, string Connection);

/// <summary>A real HTTP server (Kestrel) of somebody else, which answers as told and keeps what it was asked.</summary>
public sealed class HttpPeer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<HttpAsked> asked = new();

    private HttpPeer(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.First() + "/");

    public int Port => Url.Port;

    public IReadOnlyList<HttpAsked> Asked => [.. asked];

    /// <summary>Answers the n-th request, counted from 1.</summary>
    public Func<HttpContext, HttpAsked, int, Task> Answer { get; set; } = (_, _, _) => Task.CompletedTask;

    public static async Task<HttpPeer> StartAsync(IPAddress? address = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                address ?? IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                }
            )
        );
        var peer = new HttpPeer(builder.Build());
        peer.app.Run(peer.TakeAsync);
        await peer.app.StartAsync();
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = new HttpAsked(
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(),
            http.Connection.Id
        );
        asked.Enqueue(request);
        await Answer(http, request, asked.Count);
    }
}
