using DotMac.Host.Settings;
using DotMac.Kernel.Telemetry;
using Microsoft.Extensions.Logging.Console;

namespace DotMac.Host.Telemetry;

/// <summary>Where log records go and which ones.</summary>
internal static class LogRegistration
{
    public static void AddLogs(this WebApplicationBuilder builder, HostSettings settings)
    {
        var logging = builder.Logging;
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("DotMac", settings.LogLevel);
        logging.AddFilter("dotmac", settings.LogLevel);
        // Every refused connection would be written twice: the part that asked says it in its own words.
        logging.AddFilter("Npgsql", LogLevel.Critical);
        // Whoever asks for the state of health gets it in the answer; a log line for every question would bury the rest.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        // The keys are files that the owner alone may read; there is nothing on a plain server to encrypt them with.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<TextLines, ConsoleFormatterOptions>();
        logging.AddConsole(console =>
            console.FormatterName = settings.LogFormat == LogFormat.Json ? JsonLines.FormatterName : TextLines.FormatterName
        );
    }
}
