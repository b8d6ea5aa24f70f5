using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Identity;

public sealed class SignInTests(IdentityFixture fixture) : IClassFixture<IdentityFixture>
{
    private const string LoginPath = "/api/v1/auth/login";

    [Fact]
    public async Task A_right_password_opens_the_api_and_a_wrong_one_does_not()
    {
        var email = fixture.NewEmail();
        await fixture.MakeUserAsync(email, "noc_engineer");
        using var client = fixture.Anonymous();

        (await client.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.required");
        var wrong = await client.PostAsync(LoginPath, new { email, password = "not-the-password" });
        wrong.ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.invalid_credentials");
        var unknown = await client.PostAsync(LoginPath, new { email = "nobody@example.net", password = "not-the-password" });
        unknown.ShouldHave(HttpStatusCode.Unauthorized)["detail"].GetString().ShouldBe(wrong["detail"].GetString());

        var right = await client.LoginAsync(email.ToUpperInvariant(), IdentityFixture.Password);
        right["token_type"].GetString().ShouldBe("Bearer");
        right["expires_in"].GetInt32().ShouldBe(1800);
        var me = (await client.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.OK);
        me["email"].GetString().ShouldBe(email);
        me["roles"].EnumerateArray().Select(r => r.GetString()).ShouldBe(["noc_engineer"]);
        me["tenant.slug"].GetString().ShouldBe("default");
    }

    [Fact]
    public async Task An_unknown_account_takes_as_long_as_a_wrong_password()
    {
        var email = fixture.NewEmail();
        await fixture.MakeUserAsync(email);
        using var client = fixture.Anonymous();
        async Task<double> TimeAsync(string address)
        {
            var start = Stopwatch.GetTimestamp();
            await client.PostAsync(LoginPath, new { email = address, password = "wrong-password-here" });
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        // In turns, and the quickest of each: what else the machine does meets both, and makes neither quicker.
        var (known, unknown) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < 7; i++)
        {
            known = Math.Min(known, await TimeAsync(email));
            unknown = Math.Min(unknown, await TimeAsync("nobody-at-all@example.net"));
        }

        // Without the dummy check the unknown one takes a few per cent of the time.
        unknown.ShouldBeGreaterThan(known * 0.4);
        unknown.ShouldBeLessThan(known * 2.5);
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_account_and_an_administrator_unlocks_it()
    {
        var email = fixture.NewEmail();
        var id = await fixture.MakeUserAsync(email);
        using var client = fixture.Anonymous();
        for (var i = 0; i < 10; i++)
        {
            (await client.PostAsync(LoginPath, new { email, password = "wrong-password" })).Code.ShouldBe("auth.invalid_credentials");
        }

        var locked = await client.PostAsync(LoginPath, new { email, password = IdentityFixture.Password });
        locked.ShouldHave(HttpStatusCode.Locked).Code.ShouldBe("auth.locked");
        locked.Headers.RetryAfter!.Delta!.Value.TotalMinutes.ShouldBeInRange(14, 15);
        (await fixture.Admin.GetAsync($"/api/v1/users/{id}"))["is_locked"].GetBoolean().ShouldBeTrue();

        (await fixture.Admin.PostAsync($"/api/v1/users/{id}/unlock")).ShouldHave(HttpStatusCode.NoContent);
        (await client.PostAsync(LoginPath, new { email, password = IdentityFixture.Password })).ShouldHave(HttpStatusCode.OK);
        var actions = await AuditActionsAsync(id);
        actions.ShouldContain("user.locked");
        actions.Count(a => a == "user.sign_in_failed").ShouldBe(11);
        actions.ShouldContain("user.unlocked");
        actions.ShouldContain("user.signed_in");
    }

    [Fact]
    public async Task A_refresh_token_works_once_and_its_second_use_ends_the_session()
    {
        var email = fixture.NewEmail();
        await fixture.MakeUserAsync(email);
        using var client = fixture.Anonymous();
        var first = (await client.LoginAsync(email, IdentityFixture.Password))["refresh_token"].GetString();

        var second = await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = first });
        second.ShouldHave(HttpStatusCode.OK)["refresh_token"].GetString().ShouldNotBe(first);
        client.Token = second["access_token"].GetString();
        (await client.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.OK);

        var reused = await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = first });
        reused.ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.refresh_reused");
        (await client.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.session_expired");
        var next = await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = second["refresh_token"].GetString() });
        next.ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.session_expired");
        var unknown = await client.PostAsync("/api/v1/auth/refresh", new { refresh_token = "never-given" });
        unknown.Code.ShouldBe("auth.session_expired");
    }

    [Fact]
    public async Task Of_many_that_race_with_one_refresh_token_one_wins()
    {
        var email = fixture.NewEmail();
        await fixture.MakeUserAsync(email);
        using var client = fixture.Anonymous();
        var token = (await client.LoginAsync(email, IdentityFixture.Password))["refresh_token"].GetString();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => client.PostAsync("/api/v1/auth/refresh", new { refresh_token = token }))
        );

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.Code == "auth.refresh_reused").ShouldBe(7);
    }

    [Fact]
    public async Task A_cookie_signs_a_browser_in_and_needs_the_csrf_header_to_change_anything()
    {
        var email = fixture.NewEmail();
        await fixture.MakeUserAsync(email, "tenant_admin");
        using var client = fixture.Anonymous();
        var login = await client.PostAsync(
            LoginPath,
            new
            {
                email,
                password = IdentityFixture.Password,
                use_cookie = true,
            }
        );
        login.ShouldHave(HttpStatusCode.OK)["access_token"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        login["refresh_token"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var set = login.Headers.GetValues("Set-Cookie").Single();
        set.ShouldContain("httponly", Case.Insensitive);
        set.ShouldContain("samesite=strict", Case.Insensitive);
        set.ShouldNotContain("secure", Case.Insensitive); // plain http in this test
        var cookie = ("Cookie", set.Split(';')[0]);

        (await client.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, cookie)).ShouldHave(HttpStatusCode.OK);
        var role = new { name = $"csrf {Guid.NewGuid():N}", permissions = Array.Empty<string>() };
        var forged = await client.PostAsync("/api/v1/roles", role, cookie);
        forged.ShouldHave(HttpStatusCode.Forbidden).Code.ShouldBe("csrf.missing");
        (await client.PostAsync("/api/v1/roles", role, cookie, ("X-CSRF", "1"))).ShouldHave(HttpStatusCode.Created);

        var behindProxy = await client.PostAsync(
            LoginPath,
            new
            {
                email,
                password = IdentityFixture.Password,
                use_cookie = true,
            },
            ("X-Forwarded-Proto", "https")
        );
        behindProxy.Headers.GetValues("Set-Cookie").Single().ShouldContain("secure", Case.Insensitive);

        // Signing in again with an old cookie at hand is allowed.
        var again = await client.PostAsync(
            LoginPath,
            new
            {
                email,
                password = IdentityFixture.Password,
                use_cookie = true,
            },
            cookie
        );
        again.ShouldHave(HttpStatusCode.OK);
        (await client.PostAsync("/api/v1/auth/logout", null, cookie, ("X-CSRF", "1"))).ShouldHave(HttpStatusCode.NoContent);
        var after = await client.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, cookie);
        after.ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.session_expired");
    }

    [Fact]
    public async Task An_idle_cookie_and_an_old_session_end()
    {
        var email = fixture.NewEmail();
        await fixture.MakeUserAsync(email);
        using var client = fixture.Anonymous();
        var login = await client.PostAsync(
            LoginPath,
            new
            {
                email,
                password = IdentityFixture.Password,
                use_cookie = true,
            }
        );
        var cookie = ("Cookie", login.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        const string OfUser = "WHERE user_id = (SELECT id FROM users WHERE email = @email)";

        await fixture.Database.ExecuteAsync(
            $"UPDATE user_sessions SET last_seen_at = now() - interval '11 hours 59 minutes' {OfUser}",
            new { email }
        );
        (await client.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, cookie)).ShouldHave(HttpStatusCode.OK);
        var seen = await fixture.Database.ScalarAsync<bool>(
            $"SELECT last_seen_at > now() - interval '1 minute' FROM user_sessions {OfUser}",
            new { email }
        );
        seen.ShouldBeTrue("using the session makes it young again");

        await fixture.Database.ExecuteAsync($"UPDATE user_sessions SET last_seen_at = now() - interval '12 hours' {OfUser}", new { email });
        (await client.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, cookie)).Code.ShouldBe("auth.session_expired");
        await fixture.Database.ExecuteAsync($"UPDATE user_sessions SET last_seen_at = now(), expires_at = now() {OfUser}", new { email });
        (await client.SendAsync(HttpMethod.Get, "/api/v1/auth/me", null, cookie)).Code.ShouldBe("auth.session_expired");
    }

    [Fact]
    public async Task Forged_access_tokens_are_refused()
    {
        var (client, _, _) = await fixture.PersonAsync();
        using var own = client;
        var parts = client.Token!.Split('.');
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!.AsObject();
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        string Encode(JsonNode node) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(node.ToJsonString()));

        var none = header.DeepClone().AsObject();
        none["alg"] = "none";
        var mine = payload.DeepClone().AsObject();
        mine["sub"] = Guid.NewGuid();
        var symmetric = header.DeepClone().AsObject();
        symmetric["alg"] = "HS256";
        var jwks = await client.GetAsync("/.well-known/jwks.json");
        var modulus = Base64Url.DecodeFromChars(jwks["keys"][0].GetProperty("n").GetString());
        var input = $"{Encode(symmetric)}.{parts[1]}";
        var unknownKey = header.DeepClone().AsObject();
        unknownKey["kid"] = "another";
        string[] forged =
        [
            $"{Encode(none)}.{parts[1]}.",
            $"{Encode(none)}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{Encode(mine)}.{parts[2]}",
            $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(modulus, Encoding.ASCII.GetBytes(input)))}",
            $"{Encode(unknownKey)}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}",
            "not a token",
        ];
        foreach (var token in forged)
        {
            client.Token = token;
            (await client.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.token_invalid", token);
        }

        // What is signed verifies with the published key: other services can check it.
        using var rsa = RSA.Create();
        rsa.ImportParameters(
            new RSAParameters { Modulus = modulus, Exponent = Base64Url.DecodeFromChars(jwks["keys"][0].GetProperty("e").GetString()) }
        );
        rsa.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            )
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Sessions_are_listed_and_one_can_be_ended()
    {
        var (first, _, email) = await fixture.PersonAsync();
        using var one = first;
        using var two = await fixture.SignInAsync(email);
        var listed = (await one.GetAsync("/api/v1/auth/sessions")).ShouldHave(HttpStatusCode.OK)["items"].EnumerateArray().ToList();
        listed.Count.ShouldBe(2);
        listed.Count(s => s.GetProperty("current").GetBoolean()).ShouldBe(1);
        var other = listed.Single(s => !s.GetProperty("current").GetBoolean());
        other.GetProperty("ip").GetString().ShouldBe("127.0.0.1");

        var (stranger, _, _) = await fixture.PersonAsync("tenant_admin");
        using var third = stranger;
        var path = $"/api/v1/auth/sessions/{other.GetProperty("id").GetString()}";
        (await third.DeleteAsync(path)).ShouldHave(HttpStatusCode.NotFound).Code.ShouldBe("session.not_found");
        (await one.DeleteAsync(path)).ShouldHave(HttpStatusCode.NoContent);
        (await two.GetAsync("/api/v1/auth/me")).Code.ShouldBe("auth.session_expired");
        (await one.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_given_password_must_be_changed_before_anything_else()
    {
        var email = fixture.NewEmail();
        var made = await fixture.Admin.PostAsync(
            "/api/v1/users",
            new
            {
                email,
                full_name = "New",
                role_ids = new[] { await fixture.RoleIdAsync("tenant_admin") },
            }
        );
        var initial = made.ShouldHave(HttpStatusCode.Created)["initial_password"].GetString()!;
        using var client = await fixture.SignInAsync(email, initial);
        (await client.GetAsync("/api/v1/auth/me"))["must_change_password"].GetBoolean().ShouldBeTrue();
        (await client.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.Forbidden).Code.ShouldBe("auth.password_change_required");

        foreach (var bad in new[] { "short", email, "password1234", initial })
        {
            var refused = await client.PostAsync("/api/v1/auth/password", new { current_password = initial, new_password = bad });
            refused.ShouldHave(HttpStatusCode.BadRequest).Code.ShouldBe("validation.failed", bad);
        }

        var wrong = await client.PostAsync(
            "/api/v1/auth/password",
            new { current_password = "not-it-at-all", new_password = IdentityFixture.Password }
        );
        wrong.ShouldHave(HttpStatusCode.Unauthorized).Code.ShouldBe("auth.invalid_credentials");
        using var other = await fixture.SignInAsync(email, initial);
        var changed = await client.PostAsync(
            "/api/v1/auth/password",
            new { current_password = initial, new_password = IdentityFixture.Password }
        );
        changed.ShouldHave(HttpStatusCode.NoContent);
        (await client.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.OK);
        (await other.GetAsync("/api/v1/auth/me")).Code.ShouldBe("auth.session_expired", "the other sessions end");
    }

    [Fact]
    public async Task A_too_long_idempotency_key_is_refused_and_a_right_one_answers_twice_the_same()
    {
        var body = new { name = $"idem {Guid.NewGuid():N}", permissions = Array.Empty<string>() };
        var tooLong = await fixture.Admin.PostAsync("/api/v1/roles", body, ("Idempotency-Key", new string('k', 201)));
        tooLong.ShouldHave(HttpStatusCode.BadRequest).Code.ShouldBe("validation.failed");
        var first = await fixture.Admin.PostAsync("/api/v1/roles", body, ("Idempotency-Key", "role-1"));
        var second = await fixture.Admin.PostAsync("/api/v1/roles", body, ("Idempotency-Key", "role-1"));
        second.ShouldHave(HttpStatusCode.Created)["id"].GetString().ShouldBe(first["id"].GetString());
    }

    [Fact]
    public async Task Ended_sessions_are_forgotten_in_time_and_living_ones_stay()
    {
        var (client, _, email) = await fixture.PersonAsync();
        using var own = client;
        using var old = await fixture.SignInAsync(email);
        var listed = await own.GetAsync("/api/v1/auth/sessions");
        var ended = listed["items"].EnumerateArray().Single(s => !s.GetProperty("current").GetBoolean()).GetProperty("id").GetString();
        await fixture.Database.ExecuteAsync(
            "UPDATE user_sessions SET expires_at = now() - interval '31 days' WHERE id = @ended::uuid",
            new { ended }
        );
        using var sweeper = new DotMac.Platform.Identity.ExpiredRows(
            fixture.Database.Databases,
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<DotMac.Platform.Identity.ExpiredRows>.Instance
        );
        (await sweeper.SweepAsync(default)).ShouldBe(1);
        (
            await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM refresh_tokens WHERE session_id = @ended::uuid", new { ended })
        ).ShouldBe(0);
        (await own.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.OK);
    }

    private async Task<List<string>> AuditActionsAsync(string entityId)
    {
        var audit = (await fixture.Admin.GetAsync($"/api/v1/audit?entity_id={entityId}&limit=500")).ShouldHave(HttpStatusCode.OK);
        return [.. audit["items"].EnumerateArray().Select(i => i.GetProperty("action").GetString()!)];
    }
}
