using DotMac.Kernel.Results;
using DotMac.Platform.Identity;

namespace DotMac.Tests.Platform;

public sealed class UserTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ten_failures_lock_for_fifteen_minutes()
    {
        var user = NewUser();
        for (var i = 0; i < 9; i++)
        {
            user.SignInFailed(Now).ShouldBeFalse();
            user.RefuseWhileLocked(Now).ShouldBeNull();
        }

        user.SignInFailed(Now).ShouldBeTrue();
        var refusal = user.RefuseWhileLocked(Now.AddMinutes(1)).ShouldNotBeNull();
        refusal.Code.ShouldBe("auth.locked");
        refusal.RetryAfter.ShouldBe(TimeSpan.FromMinutes(14));
        user.RefuseWhileLocked(Now.AddMinutes(15)).ShouldBeNull();
    }

    [Fact]
    public void A_success_forgets_the_failures()
    {
        var user = NewUser();
        for (var i = 0; i < 9; i++)
        {
            user.SignInFailed(Now);
        }

        user.SignedIn(Now);
        user.SignInFailed(Now).ShouldBeFalse();
        user.LastLoginAt.ShouldBe(Now);
    }

    [Fact]
    public void A_code_and_what_came_before_it_is_taken_once()
    {
        var user = NewUser();
        user.UseTotpStep(100).ShouldBeTrue();
        user.UseTotpStep(100).ShouldBeFalse();
        user.UseTotpStep(99).ShouldBeFalse();
        user.UseTotpStep(101).ShouldBeTrue();
    }

    [Theory]
    [InlineData("short", "too_short")]
    [InlineData("alice@example.net", "is_email")]
    [InlineData("ALICE@example.net", "is_email")]
    [InlineData("password1234", "too_common")]
    [InlineData("Passwordpassword", "too_common")]
    [InlineData("abababababab", "too_common")]
    [InlineData("", "required")]
    public void Bad_passwords_are_named(string password, string code) =>
        Passwords.Check(new Faults(), "password", password, "alice@example.net").Error!.Faults!.ShouldContain(f => f.Code == code);

    [Theory]
    [InlineData("twelve chars")]
    [InlineData("Correct-Horse-7-Battery")]
    [InlineData("пароль из слов")]
    public void Good_passwords_pass(string password) =>
        Passwords.Check(new Faults(), "password", password, "alice@example.net").Error.ShouldBeNull();

    [Fact]
    public void A_hash_proves_its_password_alone_and_random_ones_are_good()
    {
        var passwords = new Passwords();
        var random = Passwords.Random();
        Passwords.Check(new Faults(), "password", random, "alice@example.net").Error.ShouldBeNull();
        var hash = passwords.Hash(random);
        passwords.Hash(random).ShouldNotBe(hash, "salted");
        passwords.Verify(hash, random, out var outdated).ShouldBeTrue();
        outdated.ShouldBeFalse();
        passwords.Verify(hash, random + "x", out _).ShouldBeFalse();
    }

    [Fact]
    public void Recovery_codes_are_read_as_they_are_typed()
    {
        var codes = Tokens.NewRecoveryCodes();
        codes.Distinct().Count().ShouldBe(10);
        Tokens.HashRecoveryCode(codes[0].ToUpperInvariant().Replace("-", " ")).ShouldBe(Tokens.HashRecoveryCode(codes[0]));
        Tokens.HashRecoveryCode(codes[1]).ShouldNotBe(Tokens.HashRecoveryCode(codes[0]));
    }

    [Fact]
    public void An_api_key_tells_its_prefix()
    {
        var (key, prefix) = Tokens.NewApiKey();
        Tokens.PrefixOf(key).ShouldBe(prefix);
        Tokens.PrefixOf("dmk_short").ShouldBeNull();
        Tokens.PrefixOf(key.Replace("dmk_", "xxx_")).ShouldBeNull();
        Tokens.PrefixOf(key + new string('x', 100)).ShouldBeNull();
    }

    private static User NewUser() =>
        new()
        {
            TenantId = Guid.NewGuid(),
            Id = Guid.NewGuid(),
            Email = "alice@example.net",
            FullName = "Alice",
            PasswordHash = "",
        };
}
