using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.UseCases;
using DotMac.SystemTests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Pon;

/// <summary>The tenant's choice of a driver: kept sealed, tried before it is kept, heeded by who asks for the role.</summary>
public sealed class NetworkSystemsTests(NetworkSystemsTests.Room room) : IClassFixture<NetworkSystemsTests.Room>
{
    private readonly AccessApi api = room.Api;

    [Fact]
    public async Task The_default_holds_until_the_tenant_chooses_and_again_after_a_reset()
    {
        var before = await api.Client.MustAsync(200, "GET", "tenant/oss/pon");
        before.Text("driver").ShouldBe("simulated");
        before["is_default"]!.GetValue<bool>().ShouldBeTrue();
        before["is_simulated"]!.GetValue<bool>().ShouldBeTrue();

        await api.Client.MustAsync(200, "PATCH", "tenant/oss/pon", new { driver = "none" });
        var nothing = await api.PonAsync(p => p.DiscoveredAsync(default));
        (nothing.IsConfigured, nothing.Fault, nothing.Value).ShouldBe((false, null, null));
        (await api.PonAsync(p => Task.FromResult(p.Driver))).ShouldBe("none");
        // Another tenant keeps its own.
        (await api.As(AccessApi.OtherTenant, AccessApi.AllPermissions).MustAsync(200, "GET", "tenant/oss/pon"))
            .Text("driver")
            .ShouldBe("simulated");

        await api.Client.MustAsync(204, "DELETE", "tenant/oss/pon");
        (await api.PonAsync(p => Task.FromResult(p.Driver))).ShouldBe("simulated");
        (await api.Client.MustAsync(200, "GET", "tenant/oss"))["items"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task Credentials_are_sealed_never_shown_tried_on_save_and_reach_the_driver()
    {
        var missing = await api.Client.MustAsync(400, "PATCH", "tenant/oss/monitoring", new { driver = "probe" });
        missing.Faults().ShouldBe(["credentials.token:required", "settings.url:required"]);
        var strange = await api.Client.MustAsync(
            400,
            "PATCH",
            "tenant/oss/monitoring",
            new
            {
                driver = "probe",
                settings = new { url = "x", colour = "red" },
                credentials = new { url = "y", token = "right" },
            }
        );
        strange.Faults().ShouldBe(["credentials.url:unknown", "settings.colour:unknown"]);

        var wrong = await api.Client.MustAsync(422, "PATCH", "tenant/oss/monitoring", Told("wrong"));
        wrong.Code().ShouldBe("oss.check_failed");
        (await api.Client.MustAsync(200, "GET", "tenant/oss/monitoring")).Text("driver").ShouldBe("none");

        var told = await api.Client.MustAsync(200, "PATCH", "tenant/oss/monitoring", Told("right"));
        told.ToJsonString().ShouldNotContain("right");
        told["credentials_set"]!.AsArray().Single()!.GetValue<string>().ShouldBe("token");
        told["checked_at"].ShouldNotBeNull();
        // A secret goes to no other address than it was given for.
        var moved = await api.Client.MustAsync(400, "PATCH", "tenant/oss/monitoring", new { settings = new { url = "http://two" } });
        moved.Faults().ShouldBe(["credentials.token:required"]);
        await api.Client.MustAsync(200, "PATCH", "tenant/oss/monitoring", new { settings = new { url = "http://one" } });
        (await WatchAsync()).ShouldBe("http://one right");
        var stored = (
            await api.Database.QueryAsync<byte[]>("SELECT credentials FROM driver_choices WHERE service = 'monitoring'")
        ).Single();
        System.Text.Encoding.UTF8.GetString(stored).ShouldNotContain("right");
        var audit = string.Concat(
            await api.Database.QueryAsync<string>("SELECT coalesce(before::text, '') || coalesce(after::text, '') FROM audit_log")
        );
        audit.ShouldContain("(secret)");
        audit.ShouldNotContain("right");
        await api.Client.MustAsync(204, "DELETE", "tenant/oss/monitoring");
    }

    [Fact]
    public async Task Reading_does_not_permit_changing_and_unknown_roles_are_refused()
    {
        var reader = api.As(AccessApi.Tenant, "isp.oss.read");
        (await reader.MustAsync(403, "PATCH", "tenant/oss/pon", new { driver = "none" })).Code().ShouldBe("permission.missing");
        (await reader.MustAsync(403, "DELETE", "tenant/oss/pon")).Code().ShouldBe("permission.missing");
        (await reader.MustAsync(404, "GET", "tenant/oss/teapot")).Code().ShouldBe("oss.service_unknown");
        (await api.Client.MustAsync(400, "PATCH", "tenant/oss/pon", new { driver = "teapot" })).Faults().ShouldBe(["driver:unknown"]);
    }

    private static object Told(string token) =>
        new
        {
            driver = "probe",
            settings = new { url = "http://one" },
            credentials = new { token },
        };

    private async Task<string?> WatchAsync()
    {
        await using var scope = api.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(AccessApi.Tenant, "test");
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().BeginAsync(DatabaseRole.App, AccessApi.Tenant, CancellationToken.None);
        var monitoring = await scope.ServiceProvider.GetRequiredService<Drivers>().ForAsync<IMonitoring>(CancellationToken.None);
        return (await monitoring.WatchAsync(new WatchOrder("k", Guid.Empty, "x", null, null, null), CancellationToken.None)).Value;
    }

    /// <summary>The API with one driver more: a monitor that wants a URL and a token, and knows which token is right.</summary>
    public sealed class Room : IAsyncLifetime
    {
        public AccessApi Api { get; } =
            new()
            {
                Adjust = services =>
                    services.AddDriver<IMonitoring, Probe>(
                        "monitoring",
                        "probe",
                        false,
                        new DriverSetting("url", "Address", IsRequired: true),
                        new DriverSetting("token", "Token", IsRequired: true, IsSecret: true)
                    ),
            };

        public Task InitializeAsync() => Api.InitializeAsync();

        public Task DisposeAsync() => Api.DisposeAsync();
    }

    private sealed class Probe(DriverSettings settings) : IMonitoring, IDriverCheck
    {
        public string Driver => "probe";

        public bool CallsOut => true;

        public Task<string?> CheckAsync(DriverConfiguration proposed, CancellationToken ct) =>
            Task.FromResult(proposed.Credentials["token"] == "right" ? null : "It does not take this token.");

        public Task<RoleAnswer<string>> WatchAsync(WatchOrder order, CancellationToken ct)
        {
            var told = settings.Of("monitoring");
            return Task.FromResult<RoleAnswer<string>>($"{told.Settings["url"]} {told.Credentials["token"]}");
        }

        public Task<RoleAnswer<Acknowledged>> UnwatchAsync(string key, Guid ownerId, CancellationToken ct) =>
            Task.FromResult<RoleAnswer<Acknowledged>>(Acknowledged.Instance);
    }
}
