namespace DotMac.Access;

/// <summary>How a NAS group is called, on the NAS and in the profiles that name it.</summary>
internal static class NasGroups
{
    public const string Rule = "Letters, digits and . _ - only, at most 64.";

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');

    /// <summary>As they are kept: lower case, once each.</summary>
    public static string[] Clean(IReadOnlyList<string?>? names) =>
        [.. (names ?? []).Select(n => (n ?? "").Trim().ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
}
