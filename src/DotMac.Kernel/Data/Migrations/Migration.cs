using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DotMac.Kernel.Data.Migrations;

/// <summary>One ordered schema change: the text of <c>db/NNNN_name.sql</c>.</summary>
public sealed partial record Migration(int Version, string Name, string Sql)
{
    /// <summary>SHA-256 of the text with line ends normalised, lower-case hex.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The file's name, for messages.</summary>
    public string FileName => $"{Version.ToString("0000", CultureInfo.InvariantCulture)}_{Name}.sql";

    /// <summary>Reads the migrations embedded in <paramref name="assembly"/> under <c>db/</c>, in order.</summary>
    /// <exception cref="InvalidOperationException">A name is malformed or a number is used twice.</exception>
    public static IReadOnlyList<Migration> ReadEmbedded(Assembly assembly)
    {
        var found = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith("db/", StringComparison.Ordinal))
            .Select(name => Parse(name["db/".Length..], Read(assembly, name)))
            .OrderBy(migration => migration.Version)
            .ToList();
        var twice = found.GroupBy(migration => migration.Version).FirstOrDefault(group => group.Skip(1).Any());
        return twice is null
            ? found
            : throw new InvalidOperationException(
                $"Two migrations have the same number: {string.Join(" and ", twice.Select(migration => migration.FileName))}."
            );
    }

    /// <exception cref="InvalidOperationException"><paramref name="fileName"/> is not NNNN_name.sql.</exception>
    public static Migration Parse(string fileName, string sql)
    {
        var match = NamePattern().Match(fileName);
        return match.Success
            ? new Migration(int.Parse(match.Groups["v"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["n"].Value, sql)
            : throw new InvalidOperationException($"db/{fileName} is not named like 0001_what_it_does.sql.");
    }

    private static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^(?<v>[0-9]{4})_(?<n>[a-z0-9_]+)\\.sql$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
