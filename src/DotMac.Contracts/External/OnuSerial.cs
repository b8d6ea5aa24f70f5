namespace DotMac.Contracts.External;

/// <summary>A serial number of an ONU: four letters of the vendor, eight hexadecimal digits (ITU-T G.984.3).</summary>
public static class OnuSerial
{
    /// <summary>For people.</summary>
    public const string Shape = "Four letters of the vendor and eight hexadecimal digits, like ALCL12345678.";

    /// <summary>In upper case, as systems write it.</summary>
    public static bool IsWell(string? serial) =>
        serial is { Length: 12 } && serial.AsSpan(0, 4).IndexOfAnyExceptInRange('A', 'Z') < 0 && IsHex(serial.AsSpan(4));

    private static bool IsHex(ReadOnlySpan<char> digits)
    {
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigitUpper(c))
            {
                return false;
            }
        }

        return true;
    }
}
