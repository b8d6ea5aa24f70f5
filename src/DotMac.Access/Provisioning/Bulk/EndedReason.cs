using System.Text.Json;
using DotMac.Contracts.Access;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>A reason as it was before a job ended it: what an undoing brings back.</summary>
internal sealed record EndedReason(
    SuspensionReason Reason,
    string? Note,
    string? Evidence,
    DateTimeOffset? Until,
    DateTimeOffset? StartsAt = null
)
{
    public static string Write(IReadOnlyList<EndedReason> reasons) => JsonSerializer.Serialize(reasons, SagaJson.Options);

    /// <summary>Jobs of an earlier release kept the words alone: <c>fraud,vacation</c>.</summary>
    public static IReadOnlyList<EndedReason> Read(string kept) =>
        kept.StartsWith('[')
            ? JsonSerializer.Deserialize<List<EndedReason>>(kept, SagaJson.Options)!
            : [.. kept.Split(',').Select(w => new EndedReason(Words.Read<SuspensionReason>(w)!.Value, null, null, null))];
}
