using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DotMac.Kernel.Telemetry;

/// <summary>One JSON object per record and line, for log collectors.</summary>
/// <remarks>Keys: timestamp (RFC 3339, UTC), level, category, message; tenant, request_id, trace_id, error and fields when there are any.</remarks>
public sealed class JsonLines(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "dotmac-json";

    // The receiver is a log collector, not a browser: keep other alphabets readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = LogLine.Of(logEntry, scopeProvider);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", clock.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("level", Level(logEntry.LogLevel));
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", line.Message);
            WriteIfAny(json, "tenant", line.Tenant);
            WriteIfAny(json, "request_id", line.RequestId);
            WriteIfAny(json, "trace_id", line.TraceId);
            WriteIfAny(json, "error", logEntry.Exception?.ToString());
            if (line.Fields.Count > 0)
            {
                json.WriteStartObject("fields");
                foreach (var (name, value) in line.Fields.DistinctBy(field => field.Key, StringComparer.Ordinal))
                {
                    WriteValue(json, FieldName(name), value);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    internal static string Level(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "information",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "critical",
        };

    private static string FieldName(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool b:
                json.WriteBoolean(name, b);
                break;
            case int or long or short or byte or uint or ushort:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double d when double.IsFinite(d):
                json.WriteNumber(name, d);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
