using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace DotMac.Kernel.Sagas;

/// <summary>
/// How states, inputs and outputs are written: snake_case, enums by name, addresses as text, octets (sealed secrets) with a mark by which they
/// are known and never shown. What is unknown is skipped when read.
/// </summary>
public static partial class SagaJson
{
    private const string SealedMark = "sealed:";

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
            new AddressText(),
            new NetworkText(),
            new SealedText(),
        },
    };

    /// <summary>As people may see it: of a sealed secret, that there is one.</summary>
    public static JsonElement? Shown(string? text) =>
        text is null ? null : JsonSerializer.Deserialize<JsonElement>(Sealed().Replace(text, "\"(sealed)\""));

    internal static string? Write(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), Options);

    /// <summary>The top properties that differ, with their new values; null when none does.</summary>
    internal static string? Changes(string before, string after)
    {
        if (string.Equals(before, after, StringComparison.Ordinal))
        {
            return null;
        }

        using var old = JsonDocument.Parse(before);
        using var now = JsonDocument.Parse(after);
        var text = new ArrayBufferWriter<byte>(after.Length);
        var any = false;
        using (var changed = new Utf8JsonWriter(text))
        {
            changed.WriteStartObject();
            foreach (var property in now.RootElement.EnumerateObject())
            {
                var isSame = old.RootElement.TryGetProperty(property.Name, out var was)
                    ? JsonElement.DeepEquals(was, property.Value)
                    : property.Value.ValueKind == JsonValueKind.Null;
                if (!isSame)
                {
                    property.WriteTo(changed);
                    any = true;
                }
            }

            changed.WriteEndObject();
        }

        return any ? Encoding.UTF8.GetString(text.WrittenSpan) : null;
    }

    [GeneratedRegex("\"" + SealedMark + "[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sealed();

    private sealed class SealedText : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Convert.FromBase64String(reader.GetString()![SealedMark.Length..]);

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
            writer.WriteStringValue(SealedMark + Convert.ToBase64String(value));
    }

    private sealed class AddressText : JsonConverter<IPAddress>
    {
        public override IPAddress? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            IPAddress.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class NetworkText : JsonConverter<IPNetwork>
    {
        public override IPNetwork Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            IPNetwork.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, IPNetwork value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
