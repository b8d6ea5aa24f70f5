using DotMac.Platform.Identity;

namespace DotMac.Tests.Platform;

public sealed class TotpTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    /// <summary>RFC 6238 appendix B, the rows of SHA-1, eight digits.</summary>
    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void It_makes_the_rfcs_codes(long seconds, string code) =>
        Totp.Code(Secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds)), digits: 8).ShouldBe(code);

    /// <summary>RFC 4226 appendix D: the first ten counters, six digits.</summary>
    [Fact]
    public void It_makes_the_codes_of_hotp() =>
        Enumerable
            .Range(0, 10)
            .Select(i => Totp.Code(Secret, i))
            .ShouldBe(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]);

    [Fact]
    public void One_step_before_and_after_is_taken_and_no_more()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_900_000_010);
        var step = Totp.StepAt(now);
        for (var offset = -3; offset <= 3; offset++)
        {
            var expected = Math.Abs(offset) <= 1 ? step + offset : (long?)null;
            Totp.Match(Secret, Totp.Code(Secret, step + offset), now).ShouldBe(expected, $"{offset}");
        }

        Totp.Match(Secret, "", now).ShouldBeNull();
        Totp.Match(Secret, "abc def", now).ShouldBeNull();
        var code = Totp.Code(Secret, step);
        Totp.Match(Secret, code[..3] + " " + code[3..], now).ShouldBe(step, "as an app shows it");
    }

    /// <summary>RFC 4648 §10, without the padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_the_rfcs(string text, string encoded) =>
        Totp.ToBase32(System.Text.Encoding.ASCII.GetBytes(text)).ShouldBe(encoded);
}
