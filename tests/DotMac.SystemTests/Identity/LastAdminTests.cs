using System.Net;

namespace DotMac.SystemTests.Identity;

/// <summary>A tenant never loses its last active administrator, also when two remove each other at once.</summary>
public sealed class LastAdminTests(IdentityFixture fixture) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task Two_administrators_who_strip_each_other_at_once_leave_one()
    {
        var root = (await fixture.Admin.GetAsync("/api/v1/auth/me"))["id"].GetString()!;
        (await fixture.Admin.PatchAsync($"/api/v1/users/{root}", new { role_ids = Array.Empty<string>() })).Code.ShouldBe(
            "user.last_admin"
        );
        for (var round = 0; round < 10; round++)
        {
            var (client, id, _) = await fixture.PersonAsync("tenant_admin");
            using var second = client;
            var none = new { role_ids = Array.Empty<string>() };
            // Each strips himself: the platform's administrator may not be touched by the other one.
            var answers = await Task.WhenAll(
                fixture.Admin.PatchAsync($"/api/v1/users/{root}", none),
                second.PatchAsync($"/api/v1/users/{id}", none)
            );
            answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1, $"round {round}");
            answers.Count(a => a.Code == "user.last_admin").ShouldBe(1);
            var left = await fixture.Database.ScalarAsync<long>(
                "SELECT count(*) FROM user_roles ur JOIN roles r ON r.id = ur.role_id JOIN users u ON u.id = ur.user_id WHERE r.name = 'tenant_admin' AND u.is_active"
            );
            left.ShouldBe(1);
            // Back to one administrator, the first, for the next round.
            await fixture.Database.ExecuteAsync("DELETE FROM user_roles WHERE user_id <> @root::uuid", new { root });
            await fixture.Database.ExecuteAsync(
                """
                INSERT INTO user_roles (tenant_id, user_id, role_id)
                SELECT tenant_id, @root::uuid, id FROM roles WHERE name = 'tenant_admin' ON CONFLICT DO NOTHING
                """,
                new { root }
            );
        }
    }
}
