using System.Security.Cryptography;
using DotMac.Kernel.Results;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DotMac.Platform.Identity;

/// <summary>What a password must be, and how it is kept: PBKDF2-HMAC-SHA512 by the framework's hasher, salted.</summary>
internal sealed class Passwords
{
    public const int Least = 12;
    public const int Most = 128;

    /// <summary>OWASP's figure for PBKDF2-HMAC-SHA512.</summary>
    private const int Iterations = 210_000;
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static readonly object NoUser = new();

    // The common passwords that are long enough to pass otherwise; shorter ones fail by length.
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123123123123",
        "111111111111",
        "000000000000",
        "password1234",
        "password12345",
        "passwordpassword",
        "password123!",
        "password@123",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyqwerty",
        "qwerty123456",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "q1w2e3r4t5y6",
        "zaq12wsxcde3",
        "administrator",
        "administrator1",
        "admin1234567",
        "adminadminadmin",
        "letmeinletmein",
        "iloveyou1234",
        "welcome12345",
        "welcome123456",
        "changeme1234",
        "changemechangeme",
        "abcdefghijkl",
        "abcd12345678",
        "abc123abc123",
        "correcthorsebatterystaple",
        "trustno1trustno1",
        "monkeymonkey",
        "dragondragon",
    };

    private readonly PasswordHasher<object> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly string unknown;

    public Passwords() => unknown = Hash(Random());

    public static Faults Check(Faults faults, string field, string? password, string email)
    {
        if (string.IsNullOrEmpty(password))
        {
            return faults.Add(field, "required", "This must be given.");
        }

        faults.Check(password.Length >= Least, field, "too_short", $"At least {Least} characters.");
        faults.Check(password.Length <= Most, field, "too_long", $"At most {Most} characters.");
        var isAddress =
            password.Equals(email, StringComparison.OrdinalIgnoreCase)
            || password.Equals(email.Split('@')[0], StringComparison.OrdinalIgnoreCase);
        faults.Check(!isAddress, field, "is_email", "Not the e-mail address.");
        return faults.Check(
            !Common.Contains(password) && password.Distinct().Count() > 3,
            field,
            "too_common",
            "Everybody's first guess. Take something longer or less usual."
        );
    }

    public string Hash(string password) => hasher.HashPassword(NoUser, password);

    public bool Verify(string hash, string password, out bool isOutdated)
    {
        var outcome = hasher.VerifyHashedPassword(NoUser, hash, password);
        isOutdated = outcome == PasswordVerificationResult.SuccessRehashNeeded;
        return outcome != PasswordVerificationResult.Failed;
    }

    /// <summary>Takes as long as a real check, for an account that is not there: the answer's time tells nothing.</summary>
    public void VerifyNobody(string password) => hasher.VerifyHashedPassword(NoUser, unknown, password);

    /// <summary>20 letters and digits without look-alikes: about 115 bits.</summary>
    public static string Random() => RandomNumberGenerator.GetString(Letters, 20);
}
