namespace DotMac.Access;

/// <summary>A MAC address in the spelling in which it is kept and compared: aa:bb:cc:dd:ee:ff.</summary>
internal static class MacAddress
{
    /// <summary>Characters of the spelling.</summary>
    public const int Chars = 17;

    /// <summary>
    /// Reads the common spellings (aa:bb:cc:dd:ee:ff, AA-BB-CC-DD-EE-FF, aabb.ccdd.eeff, aabbccddeeff) and writes the one; false for
    /// anything else.
    /// </summary>
    /// <param name="target">At least <see cref="Chars"/> long.</param>
    public static bool TryWrite(ReadOnlySpan<char> text, Span<char> target)
    {
        Span<char> digits = stackalloc char[12];
        var count = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiHexDigit(c))
            {
                if (count == digits.Length)
                {
                    return false;
                }

                digits[count++] = char.ToLowerInvariant(c);
            }
            else if (c is not (':' or '-' or '.'))
            {
                return false;
            }
        }

        if (count != digits.Length || !IsSpelledEvenly(text))
        {
            return false;
        }

        for (var i = 0; i < 6; i++)
        {
            digits.Slice(2 * i, 2).CopyTo(target[(3 * i)..]);
            if (i < 5)
            {
                target[(3 * i) + 2] = ':';
            }
        }

        return true;
    }

    /// <summary>The address in its one spelling, or null.</summary>
    public static string? Of(string text)
    {
        Span<char> target = stackalloc char[Chars];
        return TryWrite(text, target) ? new string(target) : null;
    }

    /// <summary>No separators, or the same one after every second or every fourth digit.</summary>
    private static bool IsSpelledEvenly(ReadOnlySpan<char> text)
    {
        var group = text.Length switch
        {
            12 => 12,
            14 => 4,
            Chars => 2,
            _ => 0,
        };
        for (var i = 0; i < text.Length && group != 0; i++)
        {
            var isSeparator = i % (group + 1) == group;
            if (isSeparator == char.IsAsciiHexDigit(text[i]) || (isSeparator && text[i] != text[group]))
            {
                return false;
            }
        }

        return group != 0;
    }
}
