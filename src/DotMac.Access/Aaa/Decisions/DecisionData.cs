using System.Text.Json;
using System.Text.Json.Serialization;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>
/// What a rule compared, as it is stored: a small JSON object of what stands nowhere else in the row (the ids that were sent have columns of
/// their own), or nothing when the code says it all.
/// </summary>
internal static class DecisionData
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ReadOnlySpan<byte> Write(Verdict verdict, short number)
    {
        var other = number is DecisionCodes.OtherAccept or DecisionCodes.OtherReject;
        if (verdict.Data is null && !other)
        {
            return default;
        }

        var data = verdict.Data;
        return JsonSerializer.SerializeToUtf8Bytes(
            new Kept(
                other ? verdict.Code : null,
                data?.Policy,
                data?.ExpectedCircuitId,
                data?.ExpectedRemoteId,
                data?.Limit,
                data?.Running
            ),
            Form
        );
    }

    /// <summary>The object as it is shown; null for none, and for text of before.</summary>
    public static JsonElement? Read(string? text)
    {
        if (text is not ['{', ..])
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The code of a verdict that had no number of its own.</summary>
    public static string? CodeIn(string? text) =>
        Read(text) is { } json && json.TryGetProperty("code", out var code) ? code.GetString() : null;

    private sealed record Kept(string? Code, string? Policy, string? ExpectedCircuitId, string? ExpectedRemoteId, int? Limit, int? Running);
}
