using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DotMac.Platform.Identity;

/// <summary>Time-based one-time passwords: RFC 6238 over HMAC-SHA-1, steps of 30 s, as every authenticator app speaks it.</summary>
internal static class Totp
{
    public const int StepSeconds = 30;
    public const int Digits = 6;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of one step (RFC 4226 §5.3).</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[20];
#pragma warning disable CA5350 // HMAC-SHA-1 is what RFC 6238 and the apps use; no collision attack touches HMAC.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var truncated = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[19] & 0xf)..]) & 0x7fffffff;
        var modulus = (int)Math.Pow(10, digits);
        return (truncated % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step whose code this is: now, one before or one after; null when none. The caller must refuse a step used before.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        long? found = null;
        var given = Encoding.UTF8.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Code(secret, step))))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>RFC 4648 §6 without padding.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        int buffer = 0,
            bits = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Base32[(buffer >> bits) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        return bits > 0 ? text.Append(Base32[(buffer << (5 - bits)) & 31]).ToString() : text.ToString();
    }

    /// <summary>What the app scans. <c>otpauth://totp/DotMac:alice@example.net?secret=…&amp;issuer=DotMac…</c></summary>
    public static string Uri(ReadOnlySpan<byte> secret, string email)
    {
        var name = System.Uri.EscapeDataString(email);
        return $"otpauth://totp/DotMac:{name}?secret={ToBase32(secret)}&issuer=DotMac&algorithm=SHA1&digits={Digits}&period={StepSeconds}";
    }
}
