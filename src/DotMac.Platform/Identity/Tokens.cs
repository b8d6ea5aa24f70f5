using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DotMac.Platform.Identity;

/// <summary>Opaque secrets: 256 random bits, of which the database keeps only the SHA-256.</summary>
internal static class Tokens
{
    private const string Alphabet = "abcdefghijkmnopqrstuvwxyz23456789";

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>A new API key and its prefix: <c>dmk_&lt;8 characters&gt;_&lt;43 characters&gt;</c>.</summary>
    public static (string Key, string Prefix) NewApiKey()
    {
        var prefix = RandomNumberGenerator.GetString(Alphabet, 8);
        return ($"{ApiKey.Mark}{prefix}_{New()}", prefix);
    }

    /// <summary>The prefix of something that looks like an API key, else null.</summary>
    public static string? PrefixOf(string key) =>
        key.Length is > 13 and <= 100 && key.StartsWith(ApiKey.Mark, StringComparison.Ordinal) && key[12] == '_' ? key[4..12] : null;

    /// <summary>Ten recovery codes like <c>k3v9-xq2m-7hd4</c>: 60 bits each.</summary>
    public static IReadOnlyList<string> NewRecoveryCodes() =>
        [.. Enumerable.Range(0, 10).Select(_ => RandomNumberGenerator.GetString(Alphabet, 12)).Select(c => $"{c[..4]}-{c[4..8]}-{c[8..]}")];

    /// <summary>Recovery codes are read from paper: case, blanks and hyphens do not matter.</summary>
    public static byte[] HashRecoveryCode(string code) =>
        Hash(new string([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]));
}
