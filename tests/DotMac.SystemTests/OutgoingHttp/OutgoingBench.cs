using System.Net;
using System.Text;
using DotMac.Kernel;
using DotMac.Kernel.OutgoingHttp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DotMac.SystemTests.OutgoingHttp;

/// <summary>The product's client with options of its own, and what it logged.</summary>
internal sealed class OutgoingBench : IAsyncDisposable, ILoggerProvider, ILogger
{
    public static readonly Guid Tenant = Guid.Parse("00000000-0000-7000-8000-000000000001");
    private readonly ServiceProvider services;
    private readonly StringBuilder log = new();

    public OutgoingBench(OutgoingOptions? options = null)
    {
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.AddProvider(this).SetMinimumLevel(LogLevel.Trace));
        collection.AddSingleton(options ?? Loopback);
        collection.AddKernel();
        services = collection.BuildServiceProvider();
    }

    public static OutgoingOptions Loopback { get; } =
        new() { Allowed = [IPNetwork.Parse("127.0.0.0/8")], FirstWait = TimeSpan.FromMilliseconds(20) };

    public OutgoingClient Client => services.GetRequiredService<OutgoingClient>();

    public OutgoingGuard Guard => services.GetRequiredService<OutgoingGuard>();

    public string Written
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    public Task<OutgoingAnswer> GetAsync(Uri url, Guid? tenant = null, TimeSpan? timeout = null, bool test = false) =>
        Client.SendAsync(
            new OutgoingCall
            {
                Service = "peer",
                Operation = "get",
                TenantId = tenant ?? Tenant,
                Method = HttpMethod.Get,
                Url = url,
                Headers = [("Authorization", "Bearer top-secret")],
                Timeout = timeout ?? TimeSpan.FromSeconds(5),
                IsTest = test,
            },
            default
        );

    public Task<OutgoingAnswer> PostAsync(Uri url, string? key) =>
        Client.SendAsync(
            new OutgoingCall
            {
                Service = "peer",
                Operation = "post",
                TenantId = Tenant,
                Method = HttpMethod.Post,
                Url = url,
                Body = "{\"a\":1}"u8.ToArray(),
                Key = key,
            },
            default
        );

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (log)
        {
            log.Append(formatter(state, exception)).Append(exception).AppendLine();
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() { }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
