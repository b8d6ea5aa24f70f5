using System.Globalization;
using System.Text;

namespace DotMac.Access.FreeRadius;

/// <summary>How text has to be written for FreeRADIUS 3.2 so that it arrives as it was, and is never expanded.</summary>
internal static class FreeRadiusText
{
    /// <summary>The sql module's safe_characters, as its configuration is shipped; others of ASCII are asked for as =XX.</summary>
    private const string Safe = "@abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_: /";

    /// <summary>A value is read as if in double quotes: a backslash begins an escape.</summary>
    public static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal);

    /// <summary>
    /// As a row of radcheck or radreply. A value that begins and ends with the same quote loses the quotes, and in backquotes its
    /// <c>%{…}</c> would be <b>expanded</b> (SQL, files, programs): such a value is put in quotes of the other kind.
    /// </summary>
    public static string Value(string value)
    {
        var escaped = Escaped(value);
        if (escaped is not [('\'' or '"' or '`') and var first, ..] || escaped[^1] != first)
        {
            return escaped;
        }

        return first == '"'
            ? $"'{escaped.Replace("'", "\\'", StringComparison.Ordinal)}'"
            : $"\"{escaped.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A username as the sql module asks for it. Characters beyond ASCII stay as they are.</summary>
    public static string SqlName(string username)
    {
        var escaped = new StringBuilder(username.Length);
        foreach (var character in username)
        {
            if (char.IsAscii(character) && !Safe.Contains(character, StringComparison.Ordinal))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"={(int)character:X2}");
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    /// <summary>Takes back what the sql module did to a text that it stored: <c>10.98.0.2=5B4500=5D</c> was <c>10.98.0.2[4500]</c>.</summary>
    public static string? FromSql(string? stored)
    {
        if (stored is null || !stored.Contains('=', StringComparison.Ordinal))
        {
            return stored;
        }

        var octets = new List<byte>(stored.Length);
        var source = Encoding.UTF8.GetBytes(stored);
        for (var i = 0; i < source.Length; i++)
        {
            if (
                source[i] == '='
                && i + 2 < source.Length
                && byte.TryParse(source.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet)
            )
            {
                octets.Add(octet);
                i += 2;
            }
            else
            {
                octets.Add(source[i]);
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }
}
