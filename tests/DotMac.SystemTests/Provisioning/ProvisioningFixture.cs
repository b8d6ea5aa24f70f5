using System.Net;
using System.Text.Json;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Radius;

namespace DotMac.SystemTests.Provisioning;

/// <summary>
/// A host with a worker, a RADIUS door, an address plan with pools, and a simulated OLT: what a test needs to order subscribers and to see
/// them sign on. Fit to be the base of another fixture.
/// </summary>
public class ProvisioningFixture : RadiusFixture
{
    public const string V4Pool = "homes-v4";
    public const string LinkPool = "homes-link";
    public const string AddressPool6 = "homes-na";
    public const string PdPool = "homes-pd";
    public const string QinqPool = "homes-qinq";
    public const string VlanPool = "homes-vlan";
    private const string PersonPassword = "a-long-Passw0rd-for-tests";
    private static int serials;

    /// <summary>20 down, 5 up: Mbit/s.</summary>
    public Guid Plan { get; private set; }

    public Guid Olt { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Plan = await ProfileAsync(20_000, 5_000);
        await TestPools.AddAsync(Database);
        var olt = await Admin.PostAsync("/api/v1/pon/simulator/olts", new { name = NewName("olt"), ports = 4 });
        Olt = olt.ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
    }

    /// <summary>An ONU whose light an OLT sees and which belongs to nobody.</summary>
    public async Task<string> OnuAsync(int port = 0)
    {
        var serial = $"DMAC{Interlocked.Increment(ref serials):X8}";
        await PlugInAsync(serial, port);
        return serial;
    }

    public async Task PlugInAsync(string serial, int port) =>
        (await Admin.PutAsync($"/api/v1/pon/simulator/onus/{serial}", new { olt_id = Olt, port })).ShouldHave(HttpStatusCode.OK);

    /// <summary>An order with what it cannot do without.</summary>
    public Dictionary<string, object?> Order(object? line = null, string? onu = null, Guid? plan = null) =>
        new()
        {
            ["username"] = NewName("home"),
            ["password"] = Password,
            ["plan_id"] = plan ?? Plan,
            ["full_name"] = "Ada Lovelace",
            ["network_profile"] = line ?? new { },
            ["onu_serial"] = onu,
        };

    /// <summary>Orders, and waits until the run ended; it must have ended as told.</summary>
    public async Task<ProvisionedSubscriber> ProvisionAsync(
        Dictionary<string, object?> order,
        string ends = "completed",
        ApiClient? by = null
    )
    {
        var answer = (await (by ?? Admin).PostAsync("/api/v1/provisioning/subscribers?wait=20", order)).ShouldHave(HttpStatusCode.Accepted);
        await EndedAsync(answer["run_id"].GetGuid(), ends);
        return new ProvisionedSubscriber(
            answer["subscriber_id"].GetGuid(),
            answer["service_id"].GetGuid(),
            answer["run_id"].GetGuid(),
            (string)order["username"]!,
            (string?)order["password"] ?? ""
        );
    }

    /// <summary>Orders with what is usual, and waits until it may sign on.</summary>
    public Task<ProvisionedSubscriber> ProvisionAsync(object? line = null, string? onu = null, Guid? plan = null) =>
        ProvisionAsync(Order(line, onu, plan));

    /// <summary>Somebody with these seeded roles, signed in.</summary>
    public async Task<ApiClient> PersonAsync(params string[] names)
    {
        var roles = (await Admin.GetAsync("/api/v1/roles?limit=500")).ShouldHave(HttpStatusCode.OK)["items"].EnumerateArray().ToList();
        var email = NewName("person") + "@example.net";
        var user = new
        {
            email,
            full_name = "Test Person",
            password = PersonPassword,
            role_ids = names.Select(n => roles.Single(r => r.GetProperty("name").GetString() == n).GetProperty("id").GetString()),
        };
        (await Admin.PostAsync("/api/v1/users", user)).ShouldHave(HttpStatusCode.Created);
        var client = Host.Api();
        await client.LoginAsync(email, PersonPassword);
        return client;
    }

    /// <summary>Ends the service, and waits until the run ended; it must have ended as told.</summary>
    public async Task DeprovisionAsync(ProvisionedSubscriber who, string ends = "completed")
    {
        var path = $"/api/v1/provisioning/subscribers/{who.Id}/deprovision?wait=25";
        var answer = (await Admin.PostAsync(path, new { reason = "moved away" })).ShouldHave(HttpStatusCode.Accepted);
        await EndedAsync(answer["run_id"].GetGuid(), ends);
    }

    /// <summary>Waits until the run ended; it must have ended as told.</summary>
    public async Task EndedAsync(Guid run, string ends)
    {
        string[] words = ["pending", "running", "completed", "degraded", "compensating", "compensated", "stuck", "given_up"];
        var status = "";
        await Eventually.IsTrueAsync(
            async () =>
            {
                status = words[await Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run })];
                return status is not ("pending" or "running" or "compensating");
            },
            "the run ends",
            TimeSpan.FromSeconds(90)
        );
        status.ShouldBe(ends, await TimelineAsync(run));
    }

    /// <summary>The service as the API shows it.</summary>
    public async Task<JsonElement> ServiceAsync(Guid id) =>
        (await Admin.GetAsync($"/api/v1/services/{id}")).ShouldHave(HttpStatusCode.OK).Body;

    /// <summary>Each step of a run with how it stands, for the text of a failure.</summary>
    public async Task<string> TimelineAsync(Guid run)
    {
        var steps = await Database.QueryAsync<string>(
            """
            SELECT name || ' status ' || status || coalesce(' ' || error_code || ': ' || error_message, '') || coalesce(' (' || note || ')', '')
            FROM saga_steps WHERE run_id = @run ORDER BY seq
            """,
            new { run }
        );
        return "\n" + string.Join('\n', steps) + "\n" + Host.Output;
    }
}

/// <summary>A subscriber as a run made it.</summary>
public sealed record ProvisionedSubscriber(Guid Id, Guid ServiceId, Guid RunId, string Username, string Password);
