namespace DotMac.Access;

/// <summary>What every use case does to text that came from outside before it looks at it.</summary>
internal static class Input
{
    /// <summary>Without surrounding white space; null when nothing is left.</summary>
    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>A LIKE pattern that finds the text anywhere, its wildcards taken literally; null finds everything.</summary>
    public static string? Contains(string? text) =>
        Clean(text) is { } clean
            ? $"%{clean.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%"
            : null;
}
