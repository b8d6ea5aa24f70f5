using System.Text.Json.Nodes;

namespace DotMac.SystemTests.Access;

/// <summary>Subscribers through the API: every refusal by its code, races, isolation.</summary>
public sealed class SubscriberTests(AccessApi api) : IClassFixture<AccessApi>
{
    [Fact]
    public async Task A_patch_keeps_what_is_absent_and_clears_what_is_null()
    {
        var made = await api.SubscriberAsync(
            "patch@isp",
            new
            {
                full_name = "Pat Ch",
                vlan_id = 100,
                inner_vlan = 7,
                framed_ipv4_address = "100.64.1.1",
                notes = "two\nlines",
            }
        );
        var path = "subscribers/" + made.Text("id");
        var changed = await api.Client.MustAsync(
            200,
            "PATCH",
            path,
            new
            {
                full_name = "Patricia",
                inner_vlan = (int?)null,
                notes = (string?)null,
            }
        );
        changed.Text("full_name").ShouldBe("Patricia");
        changed["inner_vlan"].ShouldBeNull();
        changed["notes"].ShouldBeNull();
        changed["vlan_id"]!.GetValue<int>().ShouldBe(100);
        changed.Text("framed_ipv4_address").ShouldBe("100.64.1.1");
        changed["version"]!.GetValue<int>().ShouldBe(2);
        changed["updated_at"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThan(made["updated_at"]!.GetValue<DateTimeOffset>());

        // A patch that changes nothing is no change: same version, no audit entry.
        (await api.Client.MustAsync(200, "PATCH", path, new { full_name = "Patricia" }))["version"]!
            .GetValue<int>()
            .ShouldBe(2);
        (await AuditAsync(made)).ShouldBe(["subscriber.created", "subscriber.updated"]);

        // The cross-check looks at the whole line, not at the fields given.
        (await api.Client.MustAsync(400, "PATCH", path, new { vlan_id = (int?)null, inner_vlan = 7 }))
            .Faults()
            .ShouldBe(["inner_vlan:without_vlan"]);
    }

    [Fact]
    public async Task All_faults_of_the_input_come_at_once()
    {
        var problem = await api.Client.MustAsync(
            400,
            "POST",
            "subscribers",
            new
            {
                username = "has space",
                password = "12345",
                framed_ipv4_address = "127.0.0.1",
                framed_ipv4_netmask = "255.0.255.0",
                framed_ipv6_prefix = "2001:db8::1/64",
                framed_ipv6_address = "fe80::1",
                delegated_ipv6_prefix = "2001:db8::/40",
                inner_vlan = 5000,
                session_timeout = 0,
                acct_interim_interval = 30,
                simultaneous_use = -1,
            }
        );
        problem.Code().ShouldBe("validation.failed");
        problem
            .Faults()
            .ShouldBe([
                "acct_interim_interval:out_of_range",
                "delegated_ipv6_prefix:out_of_range",
                "framed_ipv4_address:bad_address",
                "framed_ipv4_netmask:bad_format",
                "framed_ipv6_address:bad_address",
                "framed_ipv6_prefix:not_canonical",
                "inner_vlan:out_of_range",
                "inner_vlan:without_vlan",
                "password:too_short",
                "session_timeout:out_of_range",
                "simultaneous_use:out_of_range",
                "username:bad_format",
            ]);
        problem.ToJsonString().ShouldNotContain("12345");
    }

    [Theory]
    [InlineData("{\"username\": 7}")]
    [InlineData("{\"username\": \"x\"")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"username\":\"x@y\",\"password\":\"123456\",\"vlan_id\":\"ten\"}")]
    [InlineData("{\"username\":\"x@y\",\"password\":\"123456\",\"bandwidth_profile_id\":\"gold\"}")]
    public async Task A_body_that_is_not_the_right_JSON_is_malformed(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await api.Client.PostAsync("subscribers", content);
        ((int)response.StatusCode).ShouldBe(400);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.Code().ShouldBe("request.malformed");
    }

    [Fact]
    public async Task What_others_have_is_taken_and_free_again_after_a_removal()
    {
        var first = await api.SubscriberAsync(
            "taken@isp",
            new
            {
                subscriber_number = "N-1",
                framed_ipv4_address = "100.64.2.1",
                delegated_ipv6_prefix = "2001:db8:2::/56",
            }
        );
        (await RefusedAsync(new { username = "TAKEN@isp" })).ShouldBe((409, "subscriber.username_taken"));
        (await RefusedAsync(new { username = "t2", subscriber_number = "N-1" })).ShouldBe((409, "subscriber.number_taken"));
        (await RefusedAsync(new { username = "t3", framed_ipv4_address = "100.64.2.1" })).ShouldBe((409, "network_profile.address_taken"));
        (await RefusedAsync(new { username = "t4", delegated_ipv6_prefix = "2001:db8:2::/56" })).ShouldBe(
            (409, "network_profile.address_taken")
        );
        var all = await api.Client.MustAsync(
            409,
            "POST",
            "subscribers",
            new
            {
                username = "taken@isp",
                password = "correct-horse",
                subscriber_number = "N-1",
                framed_ipv4_address = "100.64.2.1",
            }
        );
        all.Faults()
            .ShouldBe([
                "framed_ipv4_address:network_profile.address_taken",
                "subscriber_number:subscriber.number_taken",
                "username:subscriber.username_taken",
            ]);
        var unknown = await api.Client.MustAsync(
            400,
            "POST",
            "subscribers",
            new
            {
                username = "t5",
                password = "correct-horse",
                bandwidth_profile_id = Guid.NewGuid(),
            }
        );
        unknown.Faults().ShouldBe(["bandwidth_profile_id:not_found"]);

        // The other tenant may have the very same.
        using var other = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        await other.MustAsync(
            201,
            "POST",
            "subscribers",
            new
            {
                username = "taken@isp",
                password = "correct-horse",
                subscriber_number = "N-1",
                framed_ipv4_address = "100.64.2.1",
            }
        );

        await api.Client.MustAsync(204, "DELETE", "subscribers/taken@isp");
        (await api.Client.MustAsync(404, "GET", "subscribers/taken@isp")).Code().ShouldBe("subscriber.not_found");
        (await api.Client.MustAsync(404, "GET", "subscribers/" + first.Text("id"))).Code().ShouldBe("subscriber.not_found");
        var again = await api.SubscriberAsync(
            "taken@isp",
            new
            {
                subscriber_number = "N-1",
                framed_ipv4_address = "100.64.2.1",
                delegated_ipv6_prefix = "2001:db8:2::/56",
            }
        );
        again.Text("id").ShouldNotBe(first.Text("id"));
        (await AuditAsync(first)).ShouldBe(["subscriber.created", "subscriber.deleted"]);
    }

    [Fact]
    public async Task Another_tenants_subscriber_reads_as_absent_everywhere()
    {
        var mine = await api.SubscriberAsync("private@isp");
        using var other = api.As(AccessApi.OtherTenant, AccessApi.AllPermissions);
        foreach (var key in new[] { mine.Text("id"), "private@isp" })
        {
            var path = "subscribers/" + key;
            foreach (
                var (method, route) in new[]
                {
                    ("GET", path),
                    ("PATCH", path),
                    ("DELETE", path),
                    ("POST", path + "/enable"),
                    ("POST", path + "/disable"),
                    ("POST", path + "/reveal-password"),
                    ("GET", path + "/usage"),
                    ("GET", path + "/sessions"),
                    ("GET", path + "/decisions"),
                }
            )
            {
                (await other.MustAsync(404, method, route, method == "PATCH" ? new { full_name = "x" } : null))
                    .Code()
                    .ShouldBe("subscriber.not_found", $"{method} {route}");
            }
        }

        (await other.MustAsync(200, "GET", "subscribers?q=private"))["items"]!.AsArray().ShouldBeEmpty();
        (await api.Client.MustAsync(200, "GET", "subscribers/private@isp"))["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("GET", "subscribers", "isp.radius.write")]
    [InlineData("POST", "subscribers", "isp.radius.read")]
    [InlineData("POST", "subscribers/x/reveal-password", "isp.radius.read")]
    [InlineData("DELETE", "radius/subscribers/x", "isp.radius.read")]
    [InlineData("GET", "subscribers/export.csv", "isp.radius.write")]
    [InlineData("POST", "radius/sessions/disconnect", "isp.radius.write")]
    [InlineData("GET", "radius/sessions/stream", "isp.radius.write")]
    [InlineData("GET", "dashboard", "isp.radius.read")]
    public async Task Without_the_permission_the_door_is_shut(string method, string path, string has)
    {
        using var client = api.As(AccessApi.Tenant, has);
        var body = method == "POST" ? new { username = "nobody", password = "correct-horse" } : null;
        (await client.MustAsync(403, method, path, body)).Code().ShouldBe("permission.missing");
        using var stranger = new HttpClient { BaseAddress = api.Client.BaseAddress };
        (await stranger.MustAsync(401, method, path, body)).Code().ShouldBe("auth.required");
    }

    [Fact]
    public async Task Of_eight_callers_with_one_version_one_wins()
    {
        var made = await api.SubscriberAsync("race@isp");
        var path = "subscribers/" + made.Text("id");
        for (var version = 1; version <= 6; version++)
        {
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(i =>
                        api.Client.SendAsync("PATCH", path, new { full_name = $"v{version} {i}" }, ("If-Match", $"W/\"{version}\""))
                    )
            );
            answers.Count(a => a.Status == 200).ShouldBe(1);
            answers.Where(a => a.Status != 200).ShouldAllBe(a => a.Status == 412 && a.Body.Code() == "subscriber.changed");
        }

        (await api.Client.MustAsync(200, "GET", path))["version"]!.GetValue<int>().ShouldBe(7);
        (await api.Client.SendAsync("DELETE", path, null, ("If-Match", "W/\"3\""))).Status.ShouldBe(412);
        (await api.Client.SendAsync("DELETE", path, null, ("If-Match", "\"someone else's\""))).Status.ShouldBe(412);
        (await api.Client.SendAsync("DELETE", path, null, ("If-Match", "W/\"7\""))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Eight_callers_with_one_username_make_one_subscriber()
    {
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => api.Client.SendAsync("POST", "subscribers", new { username = "once@isp", password = "correct-horse" }))
        );
        answers.Count(a => a.Status == 201).ShouldBe(1);
        answers.Where(a => a.Status != 201).ShouldAllBe(a => a.Status == 409 && a.Body.Code() == "subscriber.username_taken");
    }

    [Fact]
    public async Task An_idempotency_key_makes_one_subscriber_however_often_it_is_sent()
    {
        var body = new { username = "idem@isp", password = "correct-horse" };
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => api.Client.SendAsync("POST", "subscribers", body, key)));
        answers.ShouldAllBe(a => a.Status == 201);
        answers.Select(a => a.Body.ToJsonString()).Distinct().Count().ShouldBe(1);
        var (status, problem) = await api.Client.SendAsync(
            "POST",
            "subscribers",
            new { username = "idem2@isp", password = "correct-horse" },
            key
        );
        (status, problem.Code()).ShouldBe((422, "idempotency.mismatch"));
        (await api.Database.ScalarAsync<string>("SELECT encode(response, 'escape') FROM idempotency_keys LIMIT 1"))
            .ShouldNotBeNull()
            .ShouldNotContain("idem@isp");
    }

    [Fact]
    public async Task Disabling_and_enabling_are_repeatable_and_said_once()
    {
        var made = await api.SubscriberAsync("toggle@isp");
        (await api.Client.MustAsync(200, "POST", "subscribers/toggle@isp/disable"))["enabled"]!.GetValue<bool>().ShouldBeFalse();
        (await api.Client.MustAsync(200, "POST", "radius/subscribers/toggle@isp/disable"))["version"]!.GetValue<int>().ShouldBe(2);
        (await api.Client.MustAsync(200, "POST", "subscribers/toggle@isp/enable"))["enabled"]!.GetValue<bool>().ShouldBeTrue();
        await api.Client.MustAsync(200, "PATCH", "subscribers/toggle@isp", new { username = "toggled@isp", enabled = false });
        var events = await api.Database.QueryAsync<string>(
            "SELECT type FROM outbox WHERE payload->>'subscriber_id' = @id ORDER BY id",
            new { id = made.Text("id") }
        );
        events.ShouldBe(["login.disabled", "login.renamed", "login.disabled"]);
    }

    [Fact]
    public async Task A_password_is_shown_only_to_an_audited_reveal()
    {
        var made = await api.SubscriberAsync("reveal@isp", new { password = "pässwörd-ß" });
        (await api.Client.MustAsync(200, "POST", "subscribers/reveal@isp/reveal-password")).Text("password").ShouldBe("pässwörd-ß");
        await api.Client.MustAsync(200, "PATCH", "subscribers/reveal@isp", new { password = "another-one" });
        (await api.Client.MustAsync(200, "POST", "radius/subscribers/reveal@isp/reveal-password")).Text("password").ShouldBe("another-one");
        (await api.Client.MustAsync(400, "PATCH", "subscribers/reveal@isp", new { password = (string?)null }))
            .Faults()
            .ShouldBe(["password:required"]);
        (await AuditAsync(made)).ShouldBe([
            "subscriber.created",
            "subscriber.password_revealed",
            "subscriber.updated",
            "subscriber.password_revealed",
        ]);
        var trail = await api.Database.ScalarAsync<string>("SELECT string_agg(concat(before, after), '') FROM audit_log");
        trail.ShouldNotBeNull().ShouldNotContain("another-one");
    }

    [Fact]
    public async Task A_username_with_a_slash_is_found_by_its_path()
    {
        await api.SubscriberAsync("port%2f7@isp");
        (await api.Client.MustAsync(200, "GET", "subscribers/" + Uri.EscapeDataString("port%2f7@isp")))
            .Text("username")
            .ShouldBe("port%2f7@isp");
        await api.SubscriberAsync("pop1/port-8");
        (await api.Client.MustAsync(200, "GET", "subscribers/pop1%2Fport-8")).Text("username").ShouldBe("pop1/port-8");
    }

    private async Task<(int, string)> RefusedAsync(object more)
    {
        var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more))!.AsObject();
        body["password"] = "correct-horse";
        var (status, problem) = await api.Client.SendAsync("POST", "subscribers", body);
        return (status, problem.Code());
    }

    private Task<IReadOnlyList<string>> AuditAsync(JsonNode entity) =>
        api.Database.QueryAsync<string>("SELECT action FROM audit_log WHERE entity_id = @id ORDER BY seq", new { id = entity.Text("id") });
}
