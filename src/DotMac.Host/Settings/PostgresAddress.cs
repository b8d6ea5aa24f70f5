using Npgsql;

namespace DotMac.Host.Settings;

/// <summary>Reads both spellings of a PostgreSQL address.</summary>
/// <remarks><b>Source:</b> PostgreSQL manual, libpq "Connection URIs"; Npgsql "Connection String Parameters".</remarks>
internal static class PostgresAddress
{
    /// <exception cref="FormatException">The text is neither form.</exception>
    /// <exception cref="ArgumentException">A parameter is unknown or has a bad value.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        if (
            !text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            && !text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        )
        {
            return new NpgsqlConnectionStringBuilder(text);
        }

        var uri = new Uri(text);
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Trim('[', ']'),
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var value = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
            var (key, translated) = Translate(Uri.UnescapeDataString(parts[0]), value);
            builder[key] = translated;
        }

        return builder;
    }

    private static (string Key, string Value) Translate(string key, string value) =>
        key switch
        {
            "sslmode" => ("SSL Mode", value.Replace("-", "", StringComparison.Ordinal)),
            "sslrootcert" => ("Root Certificate", value),
            "connect_timeout" => ("Timeout", value),
            "application_name" => ("Application Name", value),
            "host" => ("Host", value),
            _ => (key, value),
        };
}
