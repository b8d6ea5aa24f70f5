using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Kernel.OutgoingHttp;

public static class OutgoingRegistration
{
    internal const string ClientName = "outgoing";

    /// <summary>The client, and the guarded connections under it: no redirects, no cookies, no proxy of the process's environment.</summary>
    internal static IServiceCollection AddOutgoingHttp(this IServiceCollection services)
    {
        services.AddSingleton<OutgoingGuard>();
        services.AddSingleton<OutgoingClient>();
        services
            .AddHttpClient(ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, provider) => Configure(handler, provider))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }

    private static void Configure(SocketsHttpHandler handler, IServiceProvider provider)
    {
        var options = provider.GetRequiredService<OutgoingOptions>();
        handler.ConnectCallback = provider.GetRequiredService<OutgoingGuard>().ConnectAsync;
        handler.ConnectTimeout = options.ConnectTimeout;
        handler.MaxConnectionsPerServer = options.Connections;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5); // names change their addresses
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.UseProxy = false;
        handler.MaxResponseHeadersLength = 64; // KiB
        handler.MaxResponseDrainSize = 0;
    }
}
