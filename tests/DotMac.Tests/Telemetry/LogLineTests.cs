using System.Text.Json;
using DotMac.Kernel.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DotMac.Tests.Telemetry;

public sealed class LogLineTests
{
    [Fact]
    public void A_json_record_is_one_line_with_its_ids_and_fields()
    {
        var line = Write(new JsonLines(TimeProvider.System), "nas \"x\"\nforged", out var raw);

        raw.TrimEnd('\n').ShouldNotContain('\n');
        line.GetProperty("level").GetString().ShouldBe("warning");
        line.GetProperty("category").GetString().ShouldBe("DotMac.Test");
        line.GetProperty("message").GetString().ShouldBe("Saw nas \"x\"\nforged 3 times");
        line.GetProperty("tenant").GetString().ShouldBe("t-1");
        line.GetProperty("request_id").GetString().ShouldBe("r-1");
        line.GetProperty("fields").GetProperty("times").GetInt32().ShouldBe(3);
        line.GetProperty("error").GetString()!.ShouldContain("broken");
        DateTimeOffset.Parse(line.GetProperty("timestamp").GetString()!, null).Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_value_cannot_forge_a_text_record()
    {
        Write(new TextLines(TimeProvider.System), "x\n09:00:00.000 info Login: root signed in", out var raw, withError: false);

        raw.TrimEnd('\n').ShouldNotContain('\n');
    }

    private static JsonElement Write(ConsoleFormatter formatter, string value, out string raw, bool withError = true)
    {
        var scopes = new LoggerExternalScopeProvider();
        using var request = scopes.Push(new KeyValuePair<string, object?>[] { new("request_id", "r-1"), new("tenant", "t-1") });
        var state = new KeyValuePair<string, object?>[]
        {
            new("Thing", value),
            new("Times", 3),
            new("{OriginalFormat}", "Saw {Thing} {Times} times"),
        };
        var entry = new LogEntry<KeyValuePair<string, object?>[]>(
            LogLevel.Warning,
            "DotMac.Test",
            default,
            state,
            withError ? new InvalidOperationException("broken") : null,
            (s, _) => $"Saw nas {s[0].Value} {s[1].Value} times".Replace("nas nas", "nas", StringComparison.Ordinal)
        );
        using var writer = new StringWriter { NewLine = "\n" };
        formatter.Write(entry, scopes, writer);
        raw = writer.ToString();
        return raw.StartsWith('{') ? JsonDocument.Parse(raw).RootElement.Clone() : default;
    }
}
