using System.Text.RegularExpressions;

namespace DotMac.Tests.Rules;

/// <summary>What source files look like.</summary>
public sealed partial class FileRules
{
    private const int Longest = 400;
    private const int MedianLimit = 80;

    /// <summary>Files that put a quoted name into a statement that takes no parameters.</summary>
    private static readonly Dictionary<string, string> QuotedNames = new(StringComparer.Ordinal)
    {
        ["src/DotMac.Host/Cluster/Installation.cs"] = "CREATE DATABASE with the operator's own database name",
    };

    [Fact]
    public void No_file_is_longer_than_one_sitting()
    {
        var lengths = Sources("src", "tests").ToDictionary(f => f, f => File.ReadLines(f).Count());
        lengths.Where(l => l.Value > Longest).Select(l => Short(l.Key)).ShouldBeEmpty();
        var product = Sources("src").Select(f => lengths[f]).Order().ToList();
        product[product.Count / 2].ShouldBeLessThan(MedianLimit);
    }

    [Fact]
    public void Null_is_checked_everywhere()
    {
        Sources("src", "tests").Where(f => TurnsNullableOff(File.ReadAllText(f))).Select(Short).ShouldBeEmpty();
        Directory
            .GetFiles(Code.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(f => File.ReadAllText(f).Contains("<Nullable>", StringComparison.Ordinal))
            .Select(Short)
            .ShouldBeEmpty("the switch stands once, in Directory.Build.props");
        TurnsNullableOff("#" + "nullable disable\nclass X;").ShouldBeTrue();
    }

    [Fact]
    public void Sql_is_not_put_together_from_values()
    {
        Sources("src").Where(f => InterpolatedSql().IsMatch(File.ReadAllText(f))).Select(Short).Except(QuotedNames.Keys).ShouldBeEmpty();
        const string Dollar = "$";
        InterpolatedSql().IsMatch(Dollar + "\"SELECT * FROM users WHERE email = '{email}'\"").ShouldBeTrue();
        InterpolatedSql().IsMatch(Dollar + "\"\"\"\n   UPDATE users SET name = {name}\n\"\"\"").ShouldBeTrue();
        InterpolatedSql().IsMatch("\"SELECT * FROM users WHERE email = @email\"").ShouldBeFalse();
        InterpolatedSql().IsMatch(Dollar + "\"Select a file, {name}\"").ShouldBeFalse();
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        var wrong =
            from file in Sources("src")
            let folder = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Code.Root, "src"), file))!.Replace('/', '.')
            let space = Namespace().Match(File.ReadAllText(file))
            where space.Success && space.Groups[1].Value != folder
            select $"{Short(file)} is in {space.Groups[1].Value}";
        wrong.ShouldBeEmpty();
    }

    private static bool TurnsNullableOff(string source) => NullableOff().IsMatch(source);

    private static IEnumerable<string> Sources(params string[] folders) =>
        folders
            .SelectMany(f => Directory.GetFiles(Path.Combine(Code.Root, f), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string Short(string file) => Path.GetRelativePath(Code.Root, file);

    [GeneratedRegex(@"^\s*#\s*nullable\s+disable", RegexOptions.Multiline)]
    private static partial Regex NullableOff();

    // Upper-case keywords at the beginning of an interpolated text, with a hole in it.
    [GeneratedRegex(
        @"\$@?""+\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH|COPY|CALL|GRANT)\s[^;]*?\{",
        RegexOptions.Singleline
    )]
    private static partial Regex InterpolatedSql();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
