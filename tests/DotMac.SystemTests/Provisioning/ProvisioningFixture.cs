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
    private static int serials;

    /// <summary>20 down, 5 up: Mbit/s.</summary>
    public Guid Plan { get; private set; }

    public Guid Olt { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Plan = await ProfileAsync(20_000, 5_000);
        await PoolsAsync();
        var olt = await Admin.PostAsync("/api/v1/pon/simulator/olts", new { name = NewName("olt"), ports = 4 });
        Olt = olt.ShouldHave(HttpStatusCode.Created)["id"].GetGuid();
    }

    /// <summary>An ONU whose light an OLT sees and which belongs to nobody.</summary>
    public async Task<string> OnuAsync()
    {
        var serial = $"DMAC{Interlocked.Increment(ref serials):X8}";
        (await Admin.PutAsync($"/api/v1/pon/simulator/onus/{serial}", new { olt_id = Olt, port = 0 })).ShouldHave(HttpStatusCode.OK);
        return serial;
    }

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
        answer["status"].GetString().ShouldBe(ends, answer.Text + await TimelineAsync(answer["run_id"].GetGuid()));
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

    /// <summary>Ends the service, and waits until the run ended; it must have ended as told.</summary>
    public async Task DeprovisionAsync(ProvisionedSubscriber who, string ends = "completed")
    {
        var path = $"/api/v1/provisioning/subscribers/{who.Id}/deprovision?wait=25";
        var answer = (await Admin.PostAsync(path, new { reason = "moved away" })).ShouldHave(HttpStatusCode.Accepted);
        answer["status"].GetString().ShouldBe(ends, answer.Text + await TimelineAsync(answer["run_id"].GetGuid()));
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

    /// <summary>The pools of a small provider. Straight into the tables: the address plan's own pages are tested elsewhere.</summary>
    private async Task PoolsAsync()
    {
        const string Pool = """
            WITH t AS (SELECT tenant_id FROM tenants WHERE slug = 'default'),
            p AS (INSERT INTO ipam_prefixes (tenant_id, id, network) SELECT tenant_id, gen_random_uuid(), @network::cidr FROM t RETURNING tenant_id, id, space),
            o AS (INSERT INTO ipam_pools (tenant_id, id, name, kind, prefix_id, unit, is_default, quarantine_seconds)
                SELECT tenant_id, gen_random_uuid(), @name, @kind, id, @unit, @isDefault, 0 FROM p RETURNING tenant_id, id)
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size, start, space, span)
            SELECT tenant_id, id, 0, @size, @network::cidr, (SELECT space FROM p),
                ipam_inetrange(host(@network::cidr)::inet, host(broadcast(@network::cidr))::inet, '[]') FROM o
            """;
        await Database.ExecuteAsync(
            Pool,
            new
            {
                name = V4Pool,
                kind = (short)1,
                network = "100.80.0.0/20",
                unit = (short)32,
                isDefault = true,
                size = 4096L,
            }
        );
        await Database.ExecuteAsync(
            Pool,
            new
            {
                name = LinkPool,
                kind = (short)2,
                network = "2001:db8:1::/48",
                unit = (short)64,
                isDefault = true,
                size = 65536L,
            }
        );
        await Database.ExecuteAsync(
            Pool,
            new
            {
                name = AddressPool6,
                kind = (short)2,
                network = "2001:db8:2::/112",
                unit = (short)128,
                isDefault = false,
                size = 65536L,
            }
        );
        await Database.ExecuteAsync(
            Pool,
            new
            {
                name = PdPool,
                kind = (short)3,
                network = "2001:db8:8000::/40",
                unit = (short)56,
                isDefault = true,
                size = 65536L,
            }
        );
        const string Vlans = """
            WITH o AS (INSERT INTO ipam_vlan_pools (tenant_id, id, name, is_qinq, service_first, service_last, inner_first, inner_last, lines_per_vlan)
                SELECT tenant_id, gen_random_uuid(), @name, @qinq, @first, @last, CASE WHEN @qinq THEN 100 END, CASE WHEN @qinq THEN 4000 END, 1
                FROM tenants WHERE slug = 'default' RETURNING tenant_id, id)
            INSERT INTO ipam_ranges (tenant_id, pool_id, first, size)
            SELECT tenant_id, id, s * 4096 + CASE WHEN @qinq THEN 100 ELSE 0 END, CASE WHEN @qinq THEN 3901 ELSE 1 END
            FROM o CROSS JOIN generate_series(@first, @last) s
            """;
        await Database.ExecuteAsync(
            Vlans,
            new
            {
                name = QinqPool,
                qinq = true,
                first = 1000,
                last = 1003,
            }
        );
        await Database.ExecuteAsync(
            Vlans,
            new
            {
                name = VlanPool,
                qinq = false,
                first = 2000,
                last = 2999,
            }
        );
    }
}

/// <summary>A subscriber as a run made it.</summary>
public sealed record ProvisionedSubscriber(Guid Id, Guid ServiceId, Guid RunId, string Username, string Password);
