using System.Buffers;
using System.Text;

namespace DotMac.Access;

/// <summary>
/// A Circuit-Id or Remote-Id in the one spelling in which ids are compared: printable ASCII as it is, anything else as lower-case hex.
/// A DHCP sub-option around the id (RFC 3046 §2.0: type, length, value) is taken off first.
/// </summary>
internal static class LineId
{
    /// <summary>Octets that an id can have: what one RADIUS attribute holds.</summary>
    public const int MostOctets = 253;

    /// <summary>Characters that the spelling can have.</summary>
    public const int MostChars = 2 * MostOctets;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private const byte CircuitSubOption = 1;
    private const byte RemoteSubOption = 2;
    private const byte RelayAgentOption = 82;

    /// <summary>Writes the spelling of the id; returns its length, 0 for an empty id.</summary>
    /// <param name="target">At least twice as long as the id.</param>
    public static int Write(ReadOnlySpan<byte> id, Span<char> target)
    {
        if (IsPrintable(id))
        {
            return Encoding.ASCII.GetChars(id, target);
        }

        Convert.TryToHexStringLower(id, target, out var length);
        return length;
    }

    public static string Of(ReadOnlySpan<byte> id)
    {
        Span<char> text = stackalloc char[MostChars];
        return new string(text[..Write(id[..Math.Min(id.Length, MostOctets)], text)]);
    }

    /// <summary>
    /// The spelling of an id that somebody typed: 0x… is read as octets (so that 0x6f6c7431 and olt1 are one id, and a sub-option around
    /// it is taken off), text as it is. Null when it cannot be an id.
    /// </summary>
    public static string? OfTyped(string text, bool remote = false)
    {
        if (IsHex(text))
        {
            return text.Length > 2 + MostChars ? null : Of(Unwrapped(Octets(text), remote));
        }

        var isMistyped = text.Length > 2 && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return !isMistyped && text.Length <= MostOctets && text.All(c => c is >= ' ' and <= '~') ? text : null;
    }

    /// <summary>The octets of an id as a program hands it on: 0x… is hex, anything else is UTF-8. At most <see cref="MostOctets"/> of them.</summary>
    public static byte[] Octets(string text)
    {
        var octets = IsHex(text) ? Convert.FromHexString(text.AsSpan(2)) : Encoding.UTF8.GetBytes(text);
        return octets.Length > MostOctets ? octets[..MostOctets] : octets;
    }

    /// <summary>
    /// The id without a sub-option around it: <c>01 len id</c> for a circuit, <c>02 len id</c> for a remote, or a whole Option 82 with both.
    /// Anything that is not exactly such a list stays as it is. Empty when the list has no such sub-option.
    /// </summary>
    public static ReadOnlySpan<byte> Unwrapped(ReadOnlySpan<byte> value, bool remote) =>
        TryRead(value, remote ? RemoteSubOption : CircuitSubOption, out var id) ? id : value;

    /// <summary>Whether this is a list of sub-options, the first of them a Circuit-Id or Remote-Id.</summary>
    public static bool IsWrapped(ReadOnlySpan<byte> value) => TryRead(value, CircuitSubOption, out _);

    private static bool TryRead(ReadOnlySpan<byte> value, byte wanted, out ReadOnlySpan<byte> id)
    {
        id = default;
        var rest = value.Length > 2 && value[0] == RelayAgentOption && value[1] == value.Length - 2 ? value[2..] : value;
        if (rest.Length < 3 || rest[0] is not (CircuitSubOption or RemoteSubOption))
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            if (rest.Length < 2 || rest[1] > rest.Length - 2)
            {
                id = default;
                return false;
            }

            if (rest[0] == wanted)
            {
                id = rest.Slice(2, rest[1]);
            }

            rest = rest[(2 + rest[1])..];
        }

        return true;
    }

    private static bool IsHex(string text) =>
        text.Length > 2
        && text.Length % 2 == 0
        && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        && text.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0;

    private static bool IsPrintable(ReadOnlySpan<byte> id) => id.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
}
