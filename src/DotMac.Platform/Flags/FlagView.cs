namespace DotMac.Platform.Flags;

/// <summary>A flag as the API shows it.</summary>
/// <param name="Value">on or off; the default policy: log, enforce or ignore.</param>
/// <param name="Default">Of a new installation.</param>
/// <param name="ChangedAt">Null while nobody has touched it.</param>
public sealed record FlagView(
    string Name,
    string Value,
    string Default,
    IReadOnlyList<string> Choices,
    string Description,
    string WhenOff,
    DateTimeOffset? ChangedAt,
    string? ChangedBy
)
{
    internal static FlagView Of(FlagKind kind, FlagSetting? setting) =>
        new(
            kind.Name,
            setting?.Value ?? kind.Choices[0],
            kind.Choices[0],
            kind.Choices,
            kind.Description,
            kind.WhenOff,
            setting?.ChangedAt,
            setting?.ChangedBy
        );
}

public sealed record FlagList(IReadOnlyList<FlagView> Items);
