using System.Text.Json;
using System.Text.Json.Serialization;
using DotMac.Contracts.Access;

namespace DotMac.Access.NetworkProfiles;

/// <summary>A whole profile as JSON, for the audit trail.</summary>
internal static class ProfileText
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Of(LineFacts facts) => JsonSerializer.Serialize(NetworkProfileFields.Of(facts), Json);
}
