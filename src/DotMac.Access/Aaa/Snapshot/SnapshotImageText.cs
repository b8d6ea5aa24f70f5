using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>How the snapshot image spells what JSON has no words for.</summary>
internal sealed class AddressText : JsonConverter<IPAddress>
{
    public override IPAddress? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text ? IPAddress.Parse(text) : null;

    public override void Write(Utf8JsonWriter writer, IPAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

internal sealed class NetworkText : JsonConverter<IPNetwork>
{
    public override IPNetwork Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IPNetwork.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, IPNetwork value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>Whether the NAS has proven that it signs: a restart must not open the door to unsigned requests again.</summary>
internal sealed class SigningFlag : JsonConverter<SigningHabit>
{
    public override SigningHabit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SigningHabit.Of(reader.GetBoolean());

    public override void Write(Utf8JsonWriter writer, SigningHabit value, JsonSerializerOptions options) =>
        writer.WriteBooleanValue(value.IsProven);
}
