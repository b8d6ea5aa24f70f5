using System.Net;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Identity;

namespace DotMac.SystemTests.Tenancy;

public sealed class TenantTests(IdentityFixture fixture) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task A_second_isp_lives_beside_the_first_and_neither_sees_the_other()
    {
        var (slug, email, password) = ($"isp-{Guid.NewGuid():N}"[..20], fixture.NewEmail("boss"), "Second-Isp-Password-1");
        var made = await fixture.Admin.PostAsync(
            "/api/v1/platform/tenants",
            new
            {
                slug,
                name = "Second ISP",
                admin_email = email,
                admin_password = password,
                time_zone = "Africa/Lagos",
                currency = "NGN",
            }
        );
        made.ShouldHave(HttpStatusCode.Created)["status"].GetString().ShouldBe("active");
        using var boss = await fixture.SignInAsync(email, password);
        var me = await boss.GetAsync("/api/v1/auth/me");
        me["tenant.slug"].GetString().ShouldBe(slug);
        me["is_platform_admin"].GetBoolean().ShouldBeFalse();

        (await boss.GetAsync("/api/v1/users?count=true"))["total"].GetInt64().ShouldBe(1);
        (await boss.GetAsync("/api/v1/roles"))["items"].GetArrayLength().ShouldBe(9);
        var stranger = (await fixture.Admin.GetAsync("/api/v1/auth/me"))["id"].GetString();
        (await boss.GetAsync($"/api/v1/users/{stranger}")).ShouldHave(HttpStatusCode.NotFound).Code.ShouldBe("user.not_found");
        (await boss.DeleteAsync($"/api/v1/users/{stranger}")).ShouldHave(HttpStatusCode.NotFound);
        var theirRole = await fixture.RoleIdAsync("tenant_admin");
        var mix = new
        {
            email = fixture.NewEmail(),
            full_name = "X",
            role_ids = new[] { theirRole },
        };
        (await boss.PostAsync("/api/v1/users", mix))
            .ShouldHave(HttpStatusCode.BadRequest)["errors"][0]
            .GetProperty("code")
            .GetString()
            .ShouldBe("not_found");
        (await boss.GetAsync("/api/v1/audit/verify"))["ok"].GetBoolean().ShouldBeTrue();
        (await boss.GetAsync("/api/v1/audit?action=tenant.created"))["items"].GetArrayLength().ShouldBe(1);

        (await boss.GetAsync("/api/v1/platform/tenants"))
            .ShouldHave(HttpStatusCode.Forbidden)["detail"]
            .GetString()!
            .ShouldContain("platform.tenants.read");
        var changed = await boss.PatchAsync("/api/v1/tenant", new { name = "Renamed ISP", currency = "EUR" });
        changed.ShouldHave(HttpStatusCode.OK)["currency"].GetString().ShouldBe("EUR");
        (await boss.PatchAsync("/api/v1/tenant", new { time_zone = "Mars/Olympus", currency = "euro" }))
            .ShouldHave(HttpStatusCode.BadRequest)["errors"]
            .GetArrayLength()
            .ShouldBe(2);
        (await fixture.Admin.GetAsync("/api/v1/tenant"))["slug"].GetString().ShouldBe("default");
    }

    [Fact]
    public async Task A_suspended_tenant_is_refused_at_once_and_comes_back()
    {
        var (slug, email) = ($"isp-{Guid.NewGuid():N}"[..20], fixture.NewEmail("boss"));
        var made = await fixture.Admin.PostAsync(
            "/api/v1/platform/tenants",
            new
            {
                slug,
                name = "Third",
                admin_email = email,
            }
        );
        var password = made.ShouldHave(HttpStatusCode.Created)["admin_initial_password"].GetString()!;
        var path = $"/api/v1/platform/tenants/{made["id"].GetString()}";
        using var boss = await fixture.SignInAsync(email, password);
        (await fixture.Admin.PatchAsync(path, new { status = "suspended" }))
            .ShouldHave(HttpStatusCode.OK)["status"]
            .GetString()
            .ShouldBe("suspended");
        (await boss.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.Forbidden).Code.ShouldBe("tenant.suspended");
        using var again = fixture.Anonymous();
        (await again.PostAsync("/api/v1/auth/login", new { email, password })).Code.ShouldBe("tenant.suspended");
        (await fixture.Admin.PatchAsync(path, new { status = "active" })).ShouldHave(HttpStatusCode.OK);
        (await boss.GetAsync("/api/v1/auth/me")).ShouldHave(HttpStatusCode.OK);

        (await fixture.Admin.PatchAsync(path, new { status = "2" })).Code.ShouldBe("validation.failed");
        var own = (await fixture.Admin.GetAsync("/api/v1/tenant"))["id"].GetString();
        (await fixture.Admin.PatchAsync($"/api/v1/platform/tenants/{own}", new { status = "suspended" })).Code.ShouldBe("tenant.yours");
        (
            await fixture.Admin.PostAsync(
                "/api/v1/platform/tenants",
                new
                {
                    slug,
                    name = "Again",
                    admin_email = fixture.NewEmail(),
                }
            )
        ).Code.ShouldBe("tenant.taken");
        (
            await fixture.Admin.PostAsync(
                "/api/v1/platform/tenants",
                new
                {
                    slug = "x-" + slug[..10],
                    name = "Again",
                    admin_email = email,
                }
            )
        ).Code.ShouldBe("user.taken");
        (await fixture.Admin.PostAsync("/api/v1/platform/tenants", new { slug = "Bad Slug" }))
            .ShouldHave(HttpStatusCode.BadRequest)["errors"]
            .GetArrayLength()
            .ShouldBe(3);
    }

    [Fact]
    public async Task Hosts_that_start_at_once_on_an_empty_database_make_one_administrator()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = new HostOptions { Database = database.Owner };
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => HostProcess.StartAsync(options)));
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        (await database.ScalarAsync<long>("SELECT count(*) FROM tenants")).ShouldBe(1);
        (await database.ScalarAsync<long>("SELECT count(*) FROM users WHERE is_platform_admin")).ShouldBe(1);
        (await database.ScalarAsync<long>("SELECT count(*) FROM roles")).ShouldBe(9);
    }
}
