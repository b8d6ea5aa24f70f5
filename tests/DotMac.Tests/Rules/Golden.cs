namespace DotMac.Tests.Rules;

/// <summary>
/// A list that others rely on, one line each, kept in <c>tests/golden</c>: lines may be added, none may change or go.
/// <c>DOTMAC_GOLDEN=accept</c> adds the new ones to the file.
/// </summary>
internal static class Golden
{
    public static void ShouldOnlyGrow(string name, IEnumerable<string> lines)
    {
        var file = Path.Combine(Code.Root, "tests/golden", name);
        var now = lines.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var kept = File.Exists(file) ? File.ReadAllLines(file) : [];
        var gone = kept.Except(now, StringComparer.Ordinal).ToList();
        gone.ShouldBeEmpty($"{name}: somebody out there relies on these");
        var added = now.Except(kept, StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("DOTMAC_GOLDEN") == "accept")
        {
            File.WriteAllLines(file, now);
            return;
        }

        added.ShouldBeEmpty($"{name}: new. Run the tests once with DOTMAC_GOLDEN=accept and look at what it adds to tests/golden/{name}");
    }
}
