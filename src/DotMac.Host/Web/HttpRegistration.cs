using DotMac.Host.Settings;
using DotMac.Kernel.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DotMac.Host.Web;

/// <summary>The HTTP listener, its limits, and what stands around every request.</summary>
internal static class HttpRegistration
{
    /// <summary>Largest request body in bytes; an endpoint that takes uploads raises it for itself.</summary>
    public const long LargestBody = 1024 * 1024;

    public static void AddHttp(this WebApplicationBuilder builder, HostSettings settings)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
            kestrel.Listen(
                settings.HttpBind,
                settings.HttpPort,
                listen =>
                {
                    var ending = kestrel.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
                    listen.Use(next => connection => LastWords.HearAsync(next, connection, ending));
                }
            );
        });
        var services = builder.Services;
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.Complete);
        services.AddExceptionHandler<UnexpectedErrors>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>The order matters: ids first, so that every later line and answer can name the request.</summary>
    public static void UseHttp(this WebApplication app, bool withConsole)
    {
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<StreamEnd>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        if (withConsole)
        {
            app.UseConsoleFiles();
        }

        app.UseRouting();
    }
}
