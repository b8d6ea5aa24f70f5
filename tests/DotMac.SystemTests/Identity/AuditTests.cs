using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Identity;

public sealed class AuditTests(IdentityFixture fixture) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task Every_write_is_told_with_who_what_and_from_where_and_without_secrets()
    {
        var (client, id, email) = await fixture.PersonAsync("support_agent");
        client.Dispose();
        await fixture.Admin.PatchAsync($"/api/v1/users/{id}", new { full_name = "Renamed" });
        var entries = (await fixture.Admin.GetAsync($"/api/v1/audit?entity=user&entity_id={id}")).ShouldHave(HttpStatusCode.OK);
        var items = entries["items"].EnumerateArray().ToList();
        items.Select(i => i.GetProperty("action").GetString()).ShouldBe(["user.updated", "user.signed_in", "user.created"]);
        var updated = items[0];
        updated.GetProperty("actor").GetProperty("name").GetString().ShouldBe(HostProcess.AdminEmail);
        updated.GetProperty("actor").GetProperty("kind").GetString().ShouldBe("user");
        updated.GetProperty("before").GetProperty("full_name").GetString().ShouldBe("Test Person");
        updated.GetProperty("after").GetProperty("full_name").GetString().ShouldBe("Renamed");
        updated.GetProperty("ip").GetString().ShouldBe("127.0.0.1");
        updated.GetProperty("request_id").GetString().ShouldNotBeNullOrEmpty();
        items[1].GetProperty("actor").GetProperty("name").GetString().ShouldBe(email);
        items[2].GetProperty("after").GetProperty("password_hash").GetString().ShouldBe("(secret)");

        var roots = await fixture.Admin.GetAsync("/api/v1/audit?action=user_role.created&actor=admin%40example&limit=1&count=true");
        roots["total"].GetInt64().ShouldBeGreaterThan(0);
        roots["items"].GetArrayLength().ShouldBe(1);
        (await fixture.Admin.GetAsync("/api/v1/audit?from=2999-01-01T00:00:00Z"))["items"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_changed_a_removed_and_a_cut_off_entry_are_found()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await HostProcess.StartAsync(new HostOptions { Database = database.Owner });
        using var admin = host.Api();
        await admin.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);
        for (var i = 0; i < 5; i++)
        {
            await admin.PostAsync("/api/v1/roles", new { name = $"role {i}", permissions = Array.Empty<string>() });
        }

        var whole = (await admin.GetAsync("/api/v1/audit/verify")).ShouldHave(HttpStatusCode.OK);
        whole["ok"].GetBoolean().ShouldBeTrue(whole.Text);
        var last = whole["checked"].GetInt64();
        last.ShouldBeGreaterThan(10);

        var audit = new HostOptions
        {
            Database = database.Owner,
            DataFolder = host.DataFolder,
            Command = ["audit", "verify"],
        };
        var (code, output) = await HostProcess.RunAsync(audit);
        code.ShouldBe(0, output);
        output.ShouldContain($"default: {last} entries, whole, head ");

        var middle = last - 2;
        var values = new { seq = middle };
        await database.ExecuteAsync("UPDATE audit_log SET actor_name = actor_name || 'x' WHERE seq = @seq", values);
        await ShouldFindAsync(admin, middle);
        await database.ExecuteAsync("UPDATE audit_log SET actor_name = left(actor_name, -1) WHERE seq = @seq", values);
        (await admin.GetAsync("/api/v1/audit/verify"))["ok"].GetBoolean().ShouldBeTrue("put back as it was");

        await database.ExecuteAsync("UPDATE audit_log SET after = '{\"name\":\"another\"}' WHERE seq = @seq", values);
        await ShouldFindAsync(admin, middle);
        await database.ExecuteAsync("DELETE FROM audit_log WHERE seq = @seq", values);
        await ShouldFindAsync(admin, middle);
        await database.ExecuteAsync("DELETE FROM audit_log WHERE seq >= @seq", values);
        await ShouldFindAsync(admin, middle);
        await database.ExecuteAsync("DELETE FROM audit_log");
        await ShouldFindAsync(admin, 1);

        await database.ExecuteAsync("DELETE FROM audit_heads");
        await ShouldFindAsync(admin, 1);
        (code, output) = await HostProcess.RunAsync(audit);
        code.ShouldBe(1, output);
        output.ShouldContain("default: 0 entries, BROKEN from entry 1");
    }

    [Fact]
    public async Task Many_writers_at_once_make_one_whole_chain()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    fixture.Admin.PostAsync(
                        "/api/v1/roles",
                        new { name = $"chain {i} {Guid.NewGuid():N}", permissions = new[] { "audit.read" } }
                    )
                )
        );
        var report = await fixture.Admin.GetAsync("/api/v1/audit/verify");
        report["ok"].GetBoolean().ShouldBeTrue(report.Text);
    }

    private static async Task ShouldFindAsync(ApiClient admin, long seq)
    {
        var report = await admin.GetAsync("/api/v1/audit/verify");
        report["ok"].GetBoolean().ShouldBeFalse();
        report["first_bad_seq"].GetInt64().ShouldBe(seq);
    }
}
