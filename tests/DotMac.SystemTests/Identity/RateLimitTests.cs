using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Identity;

/// <summary>The limits as they are without a setting.</summary>
public sealed class RateLimitTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_sixth_sign_in_of_a_minute_is_refused_for_this_account_alone()
    {
        using var client = fixture.Host.Api();
        Task<ApiAnswer> TryAsync(string email) => client.PostAsync("/api/v1/auth/login", new { email, password = "wrong-password" });
        for (var i = 0; i < 5; i++)
        {
            (await TryAsync("someone@example.net")).Code.ShouldBe("auth.invalid_credentials");
        }

        var sixth = await TryAsync("Someone@example.net ");
        sixth.ShouldHave(HttpStatusCode.TooManyRequests).Code.ShouldBe("rate.limited");
        sixth.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        (await TryAsync("another@example.net")).Code.ShouldBe("auth.invalid_credentials");

        // 30 a minute from one address, whatever the account.
        var many = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => TryAsync($"many-{i}@example.net")));
        many.Count(a => a.Code == "rate.limited").ShouldBeInRange(1, 24, "forty attempts on forty accounts are slowed down");
    }

    [Fact]
    public async Task The_eleventh_refresh_of_a_minute_is_refused()
    {
        using var client = fixture.Host.Api();
        for (var i = 0; i < 10; i++)
        {
            (await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = "x" })).Code.ShouldBe("auth.session_expired");
        }

        (await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = "x" })).Code.ShouldBe("rate.limited");
    }

    [Fact]
    public async Task The_fourth_reset_of_a_minute_is_refused()
    {
        var path = $"/api/v1/users/{Guid.NewGuid()}/reset-password";
        for (var i = 0; i < 3; i++)
        {
            (await fixture.Admin.PostAsync(path)).Code.ShouldBe("user.not_found");
        }

        (await fixture.Admin.PostAsync(path)).ShouldHave(HttpStatusCode.TooManyRequests).Code.ShouldBe("rate.limited");
    }
}
