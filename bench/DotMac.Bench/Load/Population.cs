using System.Globalization;

namespace DotMac.Bench.Load;

/// <summary>The users that every server knows, made from their number, and the one NAS that asks for them.</summary>
internal static class Population
{
    public const string Secret = "bench-secret-4711";
    public const string MikrotikRateLimit = "20000k/100000k";
    public const int InterimSeconds = 300;

    public static string Username(int user) => string.Create(CultureInfo.InvariantCulture, $"user{user:0000000}@bench");

    public static string Password(int user) =>
        string.Create(CultureInfo.InvariantCulture, $"pw-{user * 2_654_435_761L % 1_000_000_007:x8}");

    /// <summary>An address of 10.0.0.0/8.</summary>
    public static string Address(int user) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{user >> 16 & 255}.{user >> 8 & 255}.{user & 255}");

    public static string CallingStation(int user) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"02:00:{user >> 24 & 255:X2}:{user >> 16 & 255:X2}:{user >> 8 & 255:X2}:{user & 255:X2}"
        );
}
