using System.Net;
using DotMac.SystemTests.Harness;

namespace DotMac.SystemTests.Hosting;

/// <summary>What every answer carries, and the pages that need no sign-in.</summary>
public sealed class FrontDoorTests(FrontDoorTests.Fixture fixture) : IClassFixture<FrontDoorTests.Fixture>
{
    public sealed class Fixture : HostFixture
    {
        protected override IReadOnlyDictionary<string, string> Environment =>
            new Dictionary<string, string> { ["DOTMAC_LOG_FORMAT"] = "json" };
    }

    private ApiClient Api => fixture.Host.Api();

    [Theory]
    [InlineData("/")]
    [InlineData("/subscribers/anything")]
    [InlineData("/docs")]
    [InlineData("/api/v1/auth/me")]
    [InlineData("/health/live")]
    public async Task Every_answer_has_the_security_headers(string path)
    {
        var answer = await Api.GetAsync(path);

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("frame-ancestors 'none'");
        policy
            .Split(';')
            .Where(part => part.Contains("script-src", StringComparison.Ordinal))
            .ShouldAllBe(part => !part.Contains("unsafe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plain_request_id_is_kept_and_a_forged_one_replaced()
    {
        var kept = await Api.SendAsync(HttpMethod.Get, "/api/v1/nothing-here", null, ("X-Request-Id", "ticket-4711"));
        var replaced = await Api.SendAsync(HttpMethod.Get, "/api/v1/nothing-here", null, ("X-Request-Id", "a b\tc"));

        kept.ShouldHave(HttpStatusCode.NotFound).Code.ShouldBe("route.not_found");
        kept["request_id"].GetString().ShouldBe("ticket-4711");
        kept.Headers.GetValues("X-Request-Id").ShouldBe(["ticket-4711"]);
        replaced["request_id"].GetString().ShouldNotBeNull().ShouldMatch("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var answer = await Api.PostAsync("/api/v1/auth/login", new { email = new string('x', 2 * 1024 * 1024), password = "x" });

        answer.ShouldHave(HttpStatusCode.RequestEntityTooLarge).Code.ShouldBe("request.too_large");
    }

    [Fact]
    public async Task The_description_is_public_and_names_a_permission_for_each_operation()
    {
        var document = (await Api.GetAsync("/openapi/v1.json")).ShouldHave(HttpStatusCode.OK);

        document["openapi"].GetString()!.ShouldStartWith("3.1");
        foreach (var path in document["paths"].EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                operation.Value.TryGetProperty("security", out _).ShouldBeTrue($"{operation.Name} {path.Name}");
                operation.Value.TryGetProperty("operationId", out _).ShouldBeTrue($"{operation.Name} {path.Name}");
            }
        }

        (await Api.GetAsync("/docs")).ShouldHave(HttpStatusCode.OK).Text.ShouldContain("/docs/docs.js");
    }

    [PeerFact("promtool")]
    public async Task Metrics_pass_promtool_and_count_what_was_done()
    {
        await Api.GetAsync("/api/v1/auth/me");
        var answer = (await Api.GetAsync("/metrics")).ShouldHave(HttpStatusCode.OK);

        var (code, output) = await Peer.RunAsync("promtool", answer.Text, "check", "metrics");

        code.ShouldBe(0, output);
        answer.Text.ShouldContain("dotmac_use_case_duration_seconds_count{");
        answer.Text.ShouldContain("http_server_request_duration_seconds_bucket{");
    }

    [Fact]
    public async Task Log_records_are_json_lines_with_the_request_and_without_secrets()
    {
        await Api.SendAsync(
            HttpMethod.Post,
            "/api/v1/auth/login",
            new { email = HostProcess.AdminEmail, password = HostProcess.AdminPassword },
            ("X-Request-Id", "find-me")
        );
        await Eventually.IsTrueAsync(
            () => Task.FromResult(fixture.Host.Output.Contains("find-me", StringComparison.Ordinal)),
            "the record is written"
        );

        var line = fixture.Host.Output.Split('\n').First(l => l.Contains("find-me", StringComparison.Ordinal));
        using var record = System.Text.Json.JsonDocument.Parse(line);
        record.RootElement.GetProperty("request_id").GetString().ShouldBe("find-me");
        record.RootElement.GetProperty("trace_id").GetString()!.Length.ShouldBe(32);
        record.RootElement.GetProperty("message").GetString()!.ShouldContain("Login");
        fixture.Host.Output.ShouldNotContain(HostProcess.AdminPassword);
        fixture.Host.Output.ShouldNotContain(PostgresCluster.Password);
        fixture.Host.Output.ShouldNotContain(fixture.Admin.Token!);
    }
}
