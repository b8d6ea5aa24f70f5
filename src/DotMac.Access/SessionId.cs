using System.Globalization;

namespace DotMac.Access;

/// <summary>
/// Names one row of radacct: a NAS may use an Acct-Session-Id again after a restart, so the Acct-Unique-Session-Id alone would not do.
/// </summary>
internal static class SessionId
{
    public static string Of(string acctUniqueId, long number) =>
        string.Concat(acctUniqueId, ".", number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Its parts; the number is null when the text is a bare Acct-Unique-Session-Id.</summary>
    public static (string AcctUniqueId, long? Number) Read(string text)
    {
        var dot = text.LastIndexOf('.');
        return dot > 0 && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (text[..dot], number)
            : (text, null);
    }
}
