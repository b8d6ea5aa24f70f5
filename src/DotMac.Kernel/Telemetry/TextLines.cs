using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DotMac.Kernel.Telemetry;

/// <summary>One line per record for a person at a terminal: time, level, part, message; a defect's stack below it.</summary>
public sealed class TextLines(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "dotmac-text";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = LogLine.Of(logEntry, scopeProvider);
        var request = line.RequestId is { Length: > 0 } id ? $"  [{id}]" : "";
        var part = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        var level = JsonLines.Level(logEntry.LogLevel)[..4];
        textWriter.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{clock.GetLocalNow():HH:mm:ss.fff} {level} {part}: {OneLine(line.Message)}{request}"
            )
        );
        if (logEntry.Exception is { } defect)
        {
            textWriter.WriteLine(defect);
        }
    }

    /// <summary>A value from outside must not be able to forge a record of its own.</summary>
    private static string OneLine(string message) =>
        message.AsSpan().IndexOfAny('\r', '\n') < 0
            ? message
            : message.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
