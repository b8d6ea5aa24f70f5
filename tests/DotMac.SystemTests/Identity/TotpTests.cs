using System.Net;
using DotMac.Platform.Identity;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Identity;

public sealed class TotpTests(IdentityFixture fixture) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task Two_step_sign_in_from_the_first_picture_to_the_last_recovery_code()
    {
        var (client, id, email) = await fixture.PersonAsync();
        using var own = client;
        (await own.PostAsync("/api/v1/auth/totp/confirm", new { code = "000000" })).Code.ShouldBe("auth.totp_not_set_up");
        var setup = (await own.PostAsync("/api/v1/auth/totp/setup")).ShouldHave(HttpStatusCode.OK);
        setup["qr_svg"].GetString()!.ShouldStartWith("<svg");
        setup["otpauth_uri"].GetString()!.ShouldContain("secret=" + setup["secret"].GetString());
        var secret = FromBase32(setup["secret"].GetString()!);
        (await own.PostAsync("/api/v1/auth/totp/confirm", new { code = "000000" })).Code.ShouldBe("auth.totp_invalid");
        (await fixture.SignInAsync(email)).Dispose(); // no force before it is confirmed

        var step = Totp.StepAt(DateTimeOffset.UtcNow);
        var confirmed = (await own.PostAsync("/api/v1/auth/totp/confirm", new { code = Totp.Code(secret, step) })).ShouldHave(
            HttpStatusCode.OK
        );
        var recovery = confirmed["recovery_codes"].EnumerateArray().Select(c => c.GetString()!).ToList();
        recovery.Distinct().Count().ShouldBe(10);
        (await own.GetAsync("/api/v1/auth/me"))["totp_enabled"].GetBoolean().ShouldBeTrue();

        (await TryAsync(email)).Code.ShouldBe("auth.totp_required");
        (await TryAsync(email, password: "wrong-password")).Code.ShouldBe("auth.invalid_credentials");
        (await TryAsync(email, code: Totp.Code(secret, step))).Code.ShouldBe("auth.totp_invalid", "it was used to confirm");
        var next = Totp.Code(secret, step + 1);
        var racers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TryAsync(email, code: next)));
        racers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1, "a code is taken once");

        (await TryAsync(email, recoveryCode: recovery[0].ToUpperInvariant())).ShouldHave(HttpStatusCode.OK);
        (await TryAsync(email, recoveryCode: recovery[0])).Code.ShouldBe("auth.totp_invalid");
        (await own.PostAsync("/api/v1/auth/totp/recovery-codes", new { password = "wrong-password" })).Code.ShouldBe(
            "auth.invalid_credentials"
        );
        var renewed = await own.PostAsync("/api/v1/auth/totp/recovery-codes", new { password = IdentityFixture.Password });
        renewed.ShouldHave(HttpStatusCode.OK)["recovery_codes"].GetArrayLength().ShouldBe(10);
        (await TryAsync(email, recoveryCode: recovery[1])).Code.ShouldBe("auth.totp_invalid", "the old ones are gone");

        (await own.PostAsync("/api/v1/auth/totp/setup")).Code.ShouldBe("auth.totp_already_on");
        (await fixture.Admin.PostAsync($"/api/v1/users/{id}/totp/reset")).ShouldHave(HttpStatusCode.NoContent);
        (await own.GetAsync("/api/v1/auth/me")).Code.ShouldBe("auth.session_expired");
        (await TryAsync(email)).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Its_owner_turns_it_off_with_his_password()
    {
        var (client, _, email) = await fixture.PersonAsync();
        using var own = client;
        var setup = await own.PostAsync("/api/v1/auth/totp/setup");
        var code = Totp.Code(FromBase32(setup["secret"].GetString()!), Totp.StepAt(DateTimeOffset.UtcNow));
        (await own.PostAsync("/api/v1/auth/totp/confirm", new { code })).ShouldHave(HttpStatusCode.OK);
        (await own.PostAsync("/api/v1/auth/totp/disable", new { password = "wrong-password" })).Code.ShouldBe("auth.invalid_credentials");
        (await own.PostAsync("/api/v1/auth/totp/disable", new { password = IdentityFixture.Password })).ShouldHave(
            HttpStatusCode.NoContent
        );
        (await TryAsync(email)).ShouldHave(HttpStatusCode.OK);
        var kept = await fixture.Database.ScalarAsync<byte[]?>("SELECT totp_secret FROM users WHERE email = @email", new { email });
        kept.ShouldBeNull();
    }

    private async Task<ApiAnswer> TryAsync(string email, string? code = null, string? recoveryCode = null, string? password = null)
    {
        using var client = fixture.Anonymous();
        return await client.PostAsync(
            "/api/v1/auth/login",
            new
            {
                email,
                password = password ?? IdentityFixture.Password,
                totp_code = code,
                recovery_code = recoveryCode,
            }
        );
    }

    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(
            text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0'))
        );
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
