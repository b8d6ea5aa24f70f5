using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using DotMac.Bench.Load;
using DotMac.Bench.Servers;
using DotMac.Radius.Client;
using DotMac.Radius.Wire;

namespace DotMac.Bench;

/// <summary>What provisioning costs: runs that a worker finishes, an order until its first accepted login, addresses handed out.</summary>
/// <param name="OrdersPerSecond">Orders taken by the API, eight callers at once, no worker running.</param>
/// <param name="ProvisionedPerSecond">Of those orders, carried from waiting to completed by one worker process beside nothing else.</param>
/// <param name="WarmPerSecond">The same of the second half: the worker has compiled what it does, PostgreSQL knows its tables.</param>
/// <param name="WorkerCpuMs">Processor time of the worker for one subscriber; <paramref name="DatabaseCpuMs"/> PostgreSQL's.</param>
/// <param name="ActivationP50Ms">From sending the order to the first Access-Accept, one order after the other.</param>
/// <param name="AllocationsPerSecond">Addresses of one pool by REST, 64 callers.</param>
/// <param name="Duplicates">Of those addresses: how many came twice.</param>
internal sealed record ProvisionFigures(
    int Orders,
    double OrdersPerSecond,
    double ProvisionedPerSecond,
    double WarmPerSecond,
    double WorkerCpuMs,
    double DatabaseCpuMs,
    int Activations,
    double ActivationP50Ms,
    double ActivationP95Ms,
    double ActivationWorstMs,
    double AllocationsPerSecond,
    long Allocated,
    long Duplicates
);

internal static class ProvisionRun
{
    private const string Database = "provision";
    private const string Email = "bench@example.net";
    private const string Password = "Correct-Horse-7-Battery";
    private const int Activations = 100;

    // 4096 addresses, a link prefix and a delegated prefix each, and Q-in-Q VLANs: as a small provider has them.
    private const string Pools = """
        WITH t AS (SELECT tenant_id FROM tenants WHERE slug = 'default'),
        w (name, kind, network, unit, size) AS (VALUES ('v4', 1, '100.80.0.0/18'::cidr, 32, 16384::bigint), ('link', 2, '2001:db8:1::/48', 64, 65536),
            ('pd', 3, '2001:db8:8000::/40', 56, 65536)),
        p AS (INSERT INTO ipam_prefixes (tenant_id, id, network) SELECT tenant_id, gen_random_uuid(), network FROM t, w RETURNING tenant_id, id, space, network),
        o AS (INSERT INTO ipam_pools (tenant_id, id, name, kind, prefix_id, unit, is_default, quarantine_seconds)
            SELECT p.tenant_id, gen_random_uuid(), w.name, w.kind, p.id, w.unit, true, 0 FROM p JOIN w USING (network) RETURNING tenant_id, id, prefix_id)
        INSERT INTO ipam_ranges (tenant_id, pool_id, first, size, start, space, span)
        SELECT o.tenant_id, o.id, 0, w.size, w.network, p.space, ipam_inetrange(host(w.network)::inet, host(broadcast(w.network))::inet, '[]')
        FROM o JOIN p ON p.id = o.prefix_id JOIN w USING (network);
        WITH o AS (INSERT INTO ipam_vlan_pools (tenant_id, id, name, is_qinq, service_first, service_last, inner_first, inner_last, lines_per_vlan)
            SELECT tenant_id, gen_random_uuid(), 'qinq', true, 1000, 1009, 100, 4000, 1 FROM tenants WHERE slug = 'default' RETURNING tenant_id, id)
        INSERT INTO ipam_ranges (tenant_id, pool_id, first, size) SELECT tenant_id, id, s * 4096 + 100, 3901 FROM o CROSS JOIN generate_series(1000, 1009) s;
        -- As a pool that is made over the API begins.
        SELECT set_config('app.tenant_id', tenant_id::text, false) FROM tenants WHERE slug = 'default';
        SELECT ipam_extend(pool_id, 0, 9223372036854775807, 1024) FROM (SELECT id AS pool_id FROM ipam_pools UNION ALL SELECT id FROM ipam_vlan_pools) AS pools;
        """;

    // Nobody orders from a provider without customers: ten thousand lines in service, their addresses and VLANs beside the pools.
    private const string Lines = """
        INSERT INTO subscribers (tenant_id, id, subscriber_number, username, password, framed_ipv4_address, framed_ipv6_prefix, delegated_ipv6_prefix,
            onu_serial, vlan_id, inner_vlan)
        SELECT tenant_id, gen_random_uuid(), 'L-' || n, 'line' || n, '\x00', '10.0.0.0'::inet + n, ('2001:db8:ff00:' || to_hex(n) || '::/64')::cidr,
            ('2001:db8:f' || to_hex(n / 256 + 256) || ':' || to_hex(mod(n, 256) * 256) || '::/56')::cidr, 'OLDL' || lpad(upper(to_hex(n)), 8, '0'),
            10 + n / 4000, 1 + mod(n, 4000)
        FROM tenants CROSS JOIN generate_series(1, 10000) AS n WHERE slug = 'default';
        ANALYZE subscribers;
        """;

    public static async Task<ProvisionFigures> MeasureAsync(Workshop workshop, PostgreSql postgres, BenchOptions options)
    {
        await postgres.CreateDatabaseAsync(Database);
        var environment = Settings(workshop, postgres, options);
        var first = workshop.Start(Database, options.Executable, ["up"], environment);
        await workshop.WaitForAsync(Database, first, "Ready  http", TimeSpan.FromMinutes(2));
        await workshop.StopAsync(Database, first);
        await postgres.ExecuteAsync(Database, Pools);
        await postgres.ExecuteAsync(Database, Lines);
        var web = workshop.Start(Database, options.Executable, ["serve", "--roles", "web,aaa"], environment);
        await workshop.WaitForAsync(Database, web, "Ready  http", TimeSpan.FromMinutes(2));
        using var api = new Api(new Uri($"http://127.0.0.1:{environment["DOTMAC_HTTP_PORT"]}"));
        await api.LoginAsync(Email, Password);
        var plan = (
            await api.SendAsync(
                HttpMethod.Post,
                "/api/v1/radius/bandwidth-profiles",
                new
                {
                    name = "bench",
                    download_rate_kbps = 100_000,
                    upload_rate_kbps = 20_000,
                }
            )
        ).GetProperty("id").GetGuid();
        await api.SendAsync(
            HttpMethod.Post,
            "/api/v1/radius/nas",
            new
            {
                nasname = "127.0.0.1",
                shortname = "bench",
                vendor = "mikrotik",
                secret = Population.Secret,
            }
        );
        // A port bears 64 ONUs.
        var olts = new List<Guid>();
        while (olts.Count * 1024 < options.Provision + Activations)
        {
            var olt = await api.SendAsync(HttpMethod.Post, "/api/v1/pon/simulator/olts", new { name = $"bench-{olts.Count}", ports = 16 });
            olts.Add(olt.GetProperty("id").GetGuid());
        }

        await Parallel.ForAsync(
            0,
            options.Provision + Activations,
            Few,
            async (i, _) =>
                await api.SendAsync(
                    HttpMethod.Put,
                    $"/api/v1/pon/simulator/onus/{Serial(i)}",
                    new { olt_id = olts[i / 1024], port = i % 16 }
                )
        );

        // The OLT reports them when it next looks at its ports.
        while (await postgres.CountAsync(Database, "SELECT count(*) FROM pon_onus") < options.Provision + Activations)
        {
            await Task.Delay(100);
        }

        Console.WriteLine("Ordering …");
        var since = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(
            0,
            options.Provision,
            Few,
            async (i, _) => await api.SendAsync(HttpMethod.Post, "/api/v1/provisioning/subscribers", Order(i, plan))
        );
        var ordersPerSecond = options.Provision / Stopwatch.GetElapsedTime(since).TotalSeconds;

        Console.WriteLine("Provisioning …");
        await postgres.SettleAsync();
        var database = ProcessorTime.OfFamily(postgres.ProcessId);
        var worker = workshop.Start("worker", options.Executable, ["serve", "--roles", "worker"], Other(environment, workshop, options));
        await workshop.WaitForAsync("worker", worker, "Ready  http", TimeSpan.FromMinutes(2));
        // When they ended is read from their rows afterwards; asking often would only take processor time from who is measured.
        while (await postgres.CountAsync(Database, "SELECT count(*) FROM saga_runs WHERE status IN (0, 1, 4)") > 0)
        {
            await Task.Delay(1000);
        }

        var workerCpu = ProcessorTime.Of(worker.Id) * 1000 / options.Provision;
        var databaseCpu = (ProcessorTime.OfFamily(postgres.ProcessId) - database) * 1000 / options.Provision;
        var completed = await postgres.CountAsync(Database, "SELECT count(*) FROM saga_runs WHERE status = 2");
        if (completed != options.Provision)
        {
            throw new InvalidOperationException($"{completed} of {options.Provision} runs completed.");
        }

        var tookMs = await postgres.CountAsync(
            Database,
            "SELECT (extract(epoch FROM max(finished_at) - min(started_at)) * 1000)::bigint FROM saga_runs"
        );
        var secondHalfMs = await postgres.CountAsync(
            Database,
            "SELECT (extract(epoch FROM max(finished_at) - percentile_disc(0.5) WITHIN GROUP (ORDER BY finished_at)) * 1000)::bigint FROM saga_runs"
        );
        Console.WriteLine("Activating …");
        var activations = await ActivateAsync(api, environment, options.Provision, plan);
        Console.WriteLine("Allocating …");
        var (allocated, duplicates, allocationsPerSecond) = await AllocateAsync(api, options.Seconds);
        var figures = new ProvisionFigures(
            options.Provision,
            ordersPerSecond,
            options.Provision * 1000.0 / tookMs,
            options.Provision * 500.0 / secondHalfMs,
            workerCpu,
            databaseCpu,
            Activations,
            activations[Activations / 2],
            activations[Activations * 95 / 100],
            activations[^1],
            allocationsPerSecond,
            allocated,
            duplicates
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                {figures.Orders:N0} orders: {figures.OrdersPerSecond:0.0} taken per second; {figures.ProvisionedPerSecond:0.0} provisioned per second by one worker (second half {figures.WarmPerSecond:0.0}), {figures.WorkerCpuMs:0.0} + {figures.DatabaseCpuMs:0.0} ms of processor each
                order to first accepted login: p50 {figures.ActivationP50Ms:0} ms, p95 {figures.ActivationP95Ms:0} ms, worst {figures.ActivationWorstMs:0} ms of {figures.Activations}
                {figures.AllocationsPerSecond:N0} addresses per second by REST, 64 callers; {figures.Allocated:N0} in all, {figures.Duplicates} twice
                """
            )
        );
        return figures;
    }

    private static ParallelOptions Few => new() { MaxDegreeOfParallelism = 8 };

    private static async Task<double[]> ActivateAsync(Api api, Dictionary<string, string> environment, int first, Guid plan)
    {
        var client = new RadiusClient(TimeProvider.System);
        var auth = new IPEndPoint(IPAddress.Loopback, int.Parse(environment["DOTMAC_RADIUS_AUTH_PORT"], CultureInfo.InvariantCulture));
        var secret = System.Text.Encoding.UTF8.GetBytes(Population.Secret);
        var took = new double[Activations];
        for (var i = 0; i < Activations; i++)
        {
            var user = first + i;
            var since = Stopwatch.GetTimestamp();
            await api.SendAsync(HttpMethod.Post, "/api/v1/provisioning/subscribers", Order(user, plan));
            PacketCode? code;
            do
            {
                var request = new RequestBuilder(PacketCode.AccessRequest)
                    .Add(1, Population.Username(user))
                    .UserPassword(Population.Password(user))
                    .WithMessageAuthenticator()
                    .Build(secret);
                code = (await client.SendAsync(auth, request, secret, RetryPolicy.Default, CancellationToken.None)).Code;
                if (code != PacketCode.AccessAccept)
                {
                    await Task.Delay(5);
                }
            } while (code != PacketCode.AccessAccept);

            took[i] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        Array.Sort(took);
        return took;
    }

    private static async Task<(long Allocated, long Duplicates, double PerSecond)> AllocateAsync(Api api, int seconds)
    {
        var given = new ConcurrentBag<string>();
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(async _ =>
                {
                    while (Stopwatch.GetElapsedTime(since).TotalSeconds < seconds && given.Count < 12_000)
                    {
                        var answer = await api.SendAsync(
                            HttpMethod.Post,
                            "/api/v1/ipam/allocate",
                            new
                            {
                                kind = "ipv4",
                                pool = "v4",
                                label = "bench",
                            }
                        );
                        given.Add(answer.GetProperty("address").GetString()!);
                    }
                })
        );
        var took = Stopwatch.GetElapsedTime(since).TotalSeconds;
        return (given.Count, given.Count - given.Distinct(StringComparer.Ordinal).Count(), given.Count / took);
    }

    private static string Serial(int i) => string.Create(CultureInfo.InvariantCulture, $"DMAC{i + 1:X8}");

    private static object Order(int i, Guid plan) =>
        new
        {
            username = Population.Username(i),
            password = Population.Password(i),
            plan_id = plan,
            full_name = "Ada Lovelace",
            onu_serial = Serial(i),
            network_profile = new
            {
                ipv6_assignment_mode = "dual_stack",
                vlan_pool = "qinq",
                qinq_enabled = true,
            },
        };

    private static Dictionary<string, string> Settings(Workshop workshop, PostgreSql postgres, BenchOptions options) =>
        new(StringComparer.Ordinal)
        {
            ["DOTMAC_DATA"] = workshop.NewFolder(Database),
            ["DOTMAC_KEYS"] = workshop.NewFolder("keys"),
            ["DOTMAC_DATABASE"] = postgres.ConnectionString(Database),
            ["DOTMAC_ADMIN_EMAIL"] = Email,
            ["DOTMAC_ADMIN_PASSWORD"] = Password,
            ["DOTMAC_HTTP_PORT"] = (options.Port + 10).ToString(CultureInfo.InvariantCulture),
            ["DOTMAC_RADIUS_BIND"] = "127.0.0.1",
            ["DOTMAC_RADIUS_AUTH_PORT"] = (options.Port + 11).ToString(CultureInfo.InvariantCulture),
            ["DOTMAC_RADIUS_ACCT_PORT"] = (options.Port + 12).ToString(CultureInfo.InvariantCulture),
            ["DOTMAC_RADIUS_REJECTS_PER_MINUTE"] = "0",
            ["DOTMAC_LOG_LEVEL"] = "Warning",
        };

    private static Dictionary<string, string> Other(Dictionary<string, string> web, Workshop workshop, BenchOptions options) =>
        new(web, StringComparer.Ordinal)
        {
            ["DOTMAC_DATA"] = workshop.NewFolder("worker"),
            ["DOTMAC_HTTP_PORT"] = (options.Port + 13).ToString(CultureInfo.InvariantCulture),
        };
}
