using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Identity;

/// <summary>Who may hand on what: the ways up that must stay shut.</summary>
public sealed class GrantTests(IdentityFixture fixture) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task Nobody_grants_what_he_does_not_have()
    {
        var (client, id) = await UserAdminAsync();
        using var clerk = client;
        var adminRole = await fixture.RoleIdAsync("tenant_admin");
        var newUser = new
        {
            email = fixture.NewEmail(),
            full_name = "X",
            role_ids = new[] { adminRole },
        };
        (await clerk.PostAsync("/api/v1/users", newUser)).ShouldHave(HttpStatusCode.Forbidden).Code.ShouldBe("permission.not_yours");
        (await clerk.PatchAsync($"/api/v1/users/{id}", new { role_ids = new[] { adminRole } })).Code.ShouldBe("permission.not_yours");
        var role = new { name = "up", permissions = new[] { "billing.read" } };
        (await clerk.PostAsync("/api/v1/roles", role)).Code.ShouldBe("permission.not_yours");
        var key = new { name = "up", permissions = new[] { "audit.read" } };
        (await clerk.PostAsync("/api/v1/api-keys", key)).Code.ShouldBe("permission.not_yours");
        (await clerk.GetAsync("/api/v1/audit")).ShouldHave(HttpStatusCode.Forbidden)["detail"].GetString()!.ShouldContain("audit.read");
        var none = new { name = "up", permissions = new[] { "platform.tenants.write" } };
        (await fixture.Admin.PostAsync("/api/v1/roles", none)).Code.ShouldBe("validation.failed", "no role can hold it");
    }

    [Fact]
    public async Task Nobody_takes_over_the_account_of_one_who_may_do_more()
    {
        var (client, _) = await UserAdminAsync();
        using var clerk = client;
        var victim = await fixture.MakeUserAsync(fixture.NewEmail(), "tenant_admin");
        (await clerk.PostAsync($"/api/v1/users/{victim}/reset-password")).Code.ShouldBe("user.outranks_you");
        (await clerk.PostAsync($"/api/v1/users/{victim}/totp/reset")).Code.ShouldBe("user.outranks_you");
        (await clerk.PatchAsync($"/api/v1/users/{victim}", new { is_active = false })).Code.ShouldBe("user.outranks_you");
        (await clerk.DeleteAsync($"/api/v1/users/{victim}")).Code.ShouldBe("user.outranks_you");

        // Another tenant administrator may do all that a tenant administrator may, but the platform's administrator stands above.
        var (admin, _, _) = await fixture.PersonAsync("tenant_admin");
        using var second = admin;
        var root = (await fixture.Admin.GetAsync("/api/v1/auth/me"))["id"].GetString();
        (await second.PostAsync($"/api/v1/users/{root}/reset-password")).Code.ShouldBe("user.outranks_you");
        (await second.PostAsync($"/api/v1/users/{victim}/reset-password")).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_taken_away_is_gone_at_the_next_request()
    {
        var (client, id, _) = await fixture.PersonAsync("read_only_auditor");
        using var auditor = client;
        (await auditor.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.OK);
        (await fixture.Admin.PatchAsync($"/api/v1/users/{id}", new { role_ids = Array.Empty<string>() })).ShouldHave(HttpStatusCode.OK);
        (await auditor.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.Forbidden).Code.ShouldBe("permission.missing");
        (await fixture.Admin.PatchAsync($"/api/v1/users/{id}", new { is_active = false })).ShouldHave(HttpStatusCode.OK);
        (await auditor.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_grant_with_an_end_ends()
    {
        var (client, id, _) = await fixture.PersonAsync();
        using var person = client;
        var role = await fixture.RoleIdAsync("read_only_auditor");
        var past = new { roles = new[] { new { id = role, expires_at = DateTimeOffset.UtcNow.AddMinutes(-1) } } };
        (await fixture.Admin.PatchAsync($"/api/v1/users/{id}", past)).Code.ShouldBe("validation.failed");
        var soon = new { roles = new[] { new { id = role, expires_at = DateTimeOffset.UtcNow.AddHours(1) } } };
        var granted = (await fixture.Admin.PatchAsync($"/api/v1/users/{id}", soon)).ShouldHave(HttpStatusCode.OK);
        granted["roles"][0].GetProperty("expires_at").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.String);
        (await person.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.OK);
        await fixture.Database.ExecuteAsync("UPDATE user_roles SET expires_at = now() WHERE user_id = @id::uuid", new { id });
        (await person.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.Forbidden);
        (await person.GetAsync("/api/v1/auth/me"))["roles"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Seeded_roles_stay_as_they_are_and_own_ones_change()
    {
        var system = await fixture.RoleIdAsync("billing_manager");
        (await fixture.Admin.PatchAsync($"/api/v1/roles/{system}", new { permissions = new[] { "audit.read" } })).Code.ShouldBe(
            "role.system"
        );
        (await fixture.Admin.DeleteAsync($"/api/v1/roles/{system}")).Code.ShouldBe("role.system");

        var made = await fixture.Admin.PostAsync("/api/v1/roles", new { name = "Readers", permissions = new[] { "users.read" } });
        var id = made.ShouldHave(HttpStatusCode.Created)["id"].GetString();
        (await fixture.Admin.PostAsync("/api/v1/roles", new { name = "READERS", permissions = Array.Empty<string>() })).Code.ShouldBe(
            "role.taken"
        );
        var (client, user, _) = await fixture.PersonAsync();
        using var reader = client;
        await fixture.Admin.PatchAsync($"/api/v1/users/{user}", new { role_ids = new[] { id } });
        (await reader.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.OK);
        (await fixture.Admin.DeleteAsync($"/api/v1/roles/{id}")).ShouldHave(HttpStatusCode.Conflict).Code.ShouldBe("role.in_use");
        var stale = await fixture.Admin.PatchAsync($"/api/v1/roles/{id}", new { name = "R" }, ("If-Match", "W/\"7\""));
        stale.ShouldHave(HttpStatusCode.PreconditionFailed).Code.ShouldBe("role.changed");
        (await fixture.Admin.PatchAsync($"/api/v1/roles/{id}", new { permissions = new[] { "roles.read" } })).ShouldHave(HttpStatusCode.OK);
        (await reader.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.Forbidden);
        (await reader.GetAsync("/api/v1/roles")).ShouldHave(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_lines_between_the_seeded_roles_hold()
    {
        var roles = (await fixture.Admin.GetAsync("/api/v1/roles?limit=500"))["items"]
            .EnumerateArray()
            .ToDictionary(
                r => r.GetProperty("name").GetString()!,
                r => r.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()!).ToHashSet(StringComparer.Ordinal)
            );
        roles["noc_engineer"].ShouldAllBe(p => !p.StartsWith("billing."));
        roles["network_admin"].ShouldAllBe(p => !p.StartsWith("billing."));
        roles["billing_manager"].ShouldNotContain("isp.radius.sessions.manage");
        roles["billing_manager"].ShouldNotContain("isp.radius.write");
        roles["support_agent"].ShouldNotContain("isp.network.pon.write");
        roles["read_only_auditor"].ShouldAllBe(p => p.EndsWith(".read"));
        roles.Values.ShouldAllBe(set => !set.Any(p => p.StartsWith("platform.")));

        var (client, _, _) = await fixture.PersonAsync("billing_manager");
        using var billing = client;
        var kick = await billing.PostAsync("/api/v1/radius/sessions/disconnect", new { username = "somebody" });
        kick.Status.ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
        kick.Code.ShouldBeOneOf("permission.missing", "route.not_found");
    }

    [Fact]
    public async Task An_api_key_opens_what_it_names_until_it_is_deleted_or_ends()
    {
        var made = await fixture.Admin.PostAsync(
            "/api/v1/api-keys",
            new { name = $"k {Guid.NewGuid():N}", permissions = new[] { "users.read" } }
        );
        var key = made.ShouldHave(HttpStatusCode.Created)["key"].GetString()!;
        key.ShouldStartWith($"dmk_{made["prefix"].GetString()}_");
        using var client = fixture.Anonymous();
        (await client.SendAsync(HttpMethod.Get, "/api/v1/users", null, ("X-Api-Key", key))).ShouldHave(HttpStatusCode.OK);
        client.Token = key;
        (await client.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.OK);
        (await client.GetAsync("/api/v1/roles")).ShouldHave(HttpStatusCode.Forbidden);
        (await client.GetAsync("/api/v1/auth/me")).Code.ShouldBe("auth.user_required");
        (await client.PostAsync("/api/v1/auth/password", new { current_password = "a", new_password = "b" })).Status.ShouldBe(
            HttpStatusCode.Forbidden
        );

        var listed = (await fixture.Admin.GetAsync("/api/v1/api-keys?limit=500")).Text;
        listed.ShouldNotContain(key);
        var stored = await fixture.Database.ScalarAsync<long>(
            "SELECT count(*) FROM audit_log WHERE after::text LIKE @p",
            new { p = $"%{key}%" }
        );
        stored.ShouldBe(0);
        client.Token = key[..^1] + (key[^1] == 'A' ? 'B' : 'A');
        (await client.GetAsync("/api/v1/users")).Code.ShouldBe("auth.api_key_invalid");
        client.Token = key;
        var id = made["id"].GetString();
        await fixture.Database.ExecuteAsync("UPDATE api_keys SET expires_at = now() WHERE id = @id::uuid", new { id });
        (await client.GetAsync("/api/v1/users")).Code.ShouldBe("auth.api_key_invalid");
        await fixture.Database.ExecuteAsync("UPDATE api_keys SET expires_at = NULL WHERE id = @id::uuid", new { id });
        (await client.GetAsync("/api/v1/users")).ShouldHave(HttpStatusCode.OK);
        (await fixture.Admin.DeleteAsync($"/api/v1/api-keys/{id}")).ShouldHave(HttpStatusCode.NoContent);
        (await client.GetAsync("/api/v1/users")).Code.ShouldBe("auth.api_key_invalid");
    }

    [Fact]
    public async Task Users_are_paged_searched_and_sorted()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        for (var i = 0; i < 5; i++)
        {
            await fixture.MakeUserAsync($"{mark}-{i}@example.net");
        }

        foreach (var sort in new[] { "email", "-created_at" })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await fixture.Admin.GetAsync(
                    $"/api/v1/users?q={mark}&limit=2&sort={sort}&count=true&cursor={cursor}".TrimEnd('=')
                );
                page.ShouldHave(HttpStatusCode.OK)["total"].GetInt64().ShouldBe(5);
                seen.AddRange(page["items"].EnumerateArray().Select(u => u.GetProperty("email").GetString()!));
                cursor = page["next_cursor"].GetString();
            } while (cursor is not null);
            var expected = Enumerable.Range(0, 5).Select(i => $"{mark}-{i}@example.net");
            seen.ShouldBe(sort == "email" ? expected : expected.Reverse());
        }

        (await fixture.Admin.GetAsync("/api/v1/users?cursor=nonsense")).ShouldHave(HttpStatusCode.BadRequest);
        (await fixture.Admin.GetAsync("/api/v1/users?sort=password_hash")).ShouldHave(HttpStatusCode.BadRequest);
        (await fixture.Admin.GetAsync("/api/v1/users?q=%25"))["items"]
            .GetArrayLength()
            .ShouldBe(0, "a per cent sign is looked for as itself");
    }

    /// <summary>Somebody who administers users, roles and keys, and may do nothing else.</summary>
    private async Task<(ApiClient Client, string Id)> UserAdminAsync()
    {
        var role = await fixture.Admin.PostAsync(
            "/api/v1/roles",
            new
            {
                name = $"clerk {Guid.NewGuid():N}",
                permissions = new[] { "users.read", "users.write", "roles.read", "roles.write", "api_keys.read", "api_keys.write" },
            }
        );
        var email = fixture.NewEmail("clerk");
        var made = await fixture.Admin.PostAsync(
            "/api/v1/users",
            new
            {
                email,
                full_name = "Clerk",
                password = IdentityFixture.Password,
                role_ids = new[] { role["id"].GetString() },
            }
        );
        return (await fixture.SignInAsync(email), made.ShouldHave(HttpStatusCode.Created)["id"].GetString()!);
    }
}
