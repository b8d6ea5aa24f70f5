namespace DotMac.Network.Ipam.Registry;

/// <summary>What every list of the plan takes.</summary>
internal static class Filters
{
    /// <summary>Without surrounding white space; null when nothing is left.</summary>
    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>A LIKE pattern that finds the text anywhere, its wildcards taken literally; null finds everything.</summary>
    public static string? Contains(string? text) =>
        Clean(text) is { } clean
            ? $"%{clean.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%"
            : null;
}
