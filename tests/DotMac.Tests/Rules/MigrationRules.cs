using System.Text.RegularExpressions;

namespace DotMac.Tests.Rules;

/// <summary>What a migration that touches rows has to mind.</summary>
public sealed partial class MigrationRules
{
    /// <summary>Those before are applied and stay as they are.</summary>
    private const int First = 32;

    [Fact]
    public void Who_writes_rows_lifts_the_row_security_that_is_forced_on_the_owner_and_puts_it_back()
    {
        // Otherwise an owner that is no superuser updates nothing, and is told so by nobody.
        var forgotten =
            from file in Directory.EnumerateFiles(Path.Combine(Code.Root, "db"), "*.sql")
            let name = Path.GetFileName(file)
            where int.Parse(name[..4], System.Globalization.CultureInfo.InvariantCulture) >= First
            let sql = File.ReadAllText(file)
            from write in Write().Matches(sql)
            let table = write.Groups[1].Value
            let before = sql[..write.Index]
            let after = sql[write.Index..]
            where
                !before.Contains($"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;", StringComparison.Ordinal)
                || !after.Contains($"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;", StringComparison.Ordinal)
            select $"{name}: {table}";

        forgotten.ShouldBeEmpty();
    }

    [GeneratedRegex(@"^(?:UPDATE|INSERT INTO|DELETE FROM) (\w+)", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Write();
}
