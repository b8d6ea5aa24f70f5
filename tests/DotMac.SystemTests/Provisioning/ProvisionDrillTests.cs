using System.Diagnostics;
using System.Globalization;
using System.Net;
using DotMac.Kernel.Sagas;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using Xunit.Abstractions;

namespace DotMac.SystemTests.Provisioning;

/// <summary>
/// Many provision runs at once, by workers that are killed at random points, over a PostgreSQL that crashes, with failures in every step:
/// nothing leaks, nothing is there twice, and every run ends completed or undone.
/// </summary>
[Trait("Category", "Drill")]
public sealed class ProvisionDrillTests(ProvisionDrillFixture host, ITestOutputHelper output) : IClassFixture<ProvisionDrillFixture>
{
    private const int Seed = 20_261_121;

    /// <summary>Where an order that was undone may still be read about: history, and the order itself.</summary>
    private static readonly string[] History =
    [
        "saga_runs",
        "saga_steps",
        "audit_log",
        "outbox",
        "idempotency_keys",
        "service_instances",
        "service_events",
        "pon_acts",
        "pon_events",
        "drill_kills",
        "drill_calls",
    ];

    private static int Runs =>
        int.TryParse(Environment.GetEnvironmentVariable("DOTMAC_DRILL_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : 60;

    [Fact]
    public async Task Runs_of_killed_workers_over_a_crashing_database_leak_nothing()
    {
        var random = new Random(Seed);
        var workers = new[] { await host.WorkerAsync(Seed), await host.WorkerAsync(Seed) };
        var start = Stopwatch.GetTimestamp();
        var (kills, deaths, crashes) = (0, 0, 0);
        IReadOnlyList<Ordered> orders;
        try
        {
            var ordering = OrderAsync(Runs);
            while (!ordering.IsCompleted || await UnfinishedAsync() > 0)
            {
                Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(20), await StateAsync());
                await Task.Delay(random.Next(100, 900));
                deaths += await ReviveAsync(workers);
                var blow = random.Next(10);
                if (blow < 4 && kills < Runs / 5)
                {
                    await workers[random.Next(2)].KillHardAsync();
                    kills++;
                    deaths += await ReviveAsync(workers) - 1;
                }
                else if (blow == 4 && crashes < 3)
                {
                    await host.Cluster.StopServerAsync("immediate");
                    await Task.Delay(random.Next(100, 1500));
                    await host.Cluster.StartServerAsync();
                    crashes++;
                }
            }

            orders = await ordering;
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }

        var took = Stopwatch.GetElapsedTime(start);
        var ends = await host.Database.QueryAsync<(short, long)>("SELECT status, count(*) FROM saga_runs GROUP BY status ORDER BY status");
        var blows = await host.Database.QueryAsync<(string, int)>("SELECT role, times FROM drill_blows ORDER BY role");
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"seed {Seed}: {orders.Count} runs, {kills} × kill -9 from outside, {deaths} from inside a step, {crashes} crashes of PostgreSQL: {took.TotalSeconds:0.0} s; "
            ) + string.Join(", ", ends.Select(e => $"{(SagaStatus)e.Item1} {e.Item2}"))
        );
        output.WriteLine("inside the roles: " + string.Join(", ", blows.Select(b => $"{b.Item1} {b.Item2} ×")));
        // Of a short drill some may be spared.
        if (Runs >= 200)
        {
            foreach (var role in new[] { "AddressPlan:", "AddressPlan (far):", "PonController:", "ServiceBilling" })
            {
                blows.ShouldContain(b => b.Item1.StartsWith(role, StringComparison.Ordinal), role);
            }

            blows.ShouldContain(b => b.Item1.Contains("hung", StringComparison.Ordinal), "somebody hung until his lease was another's");
        }

        orders.Count.ShouldBe(Runs);
        var bad = ends.Where(e => (SagaStatus)e.Item1 is not (SagaStatus.Completed or SagaStatus.Degraded or SagaStatus.Compensated))
            .ToList();
        bad.ShouldBeEmpty(await StateAsync());
        await NothingIsLeftOfUndoneOrdersAsync(orders);
        await EveryoneElseHasOneOfEachAsync(orders);
        await SignOnAsync(orders);
    }

    /// <summary>Several at a time; one whose answer the crash of PostgreSQL swallowed is sent again under its key.</summary>
    private async Task<IReadOnlyList<Ordered>> OrderAsync(int count)
    {
        var orders = new Ordered[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (i, _) =>
            {
                var onu = "";
                await UntilAsync(async () => (onu = await host.OnuAsync()).Length > 0);
                var order = host.Order(
                    new
                    {
                        ipv6_assignment_mode = "dual_stack",
                        vlan_pool = ProvisioningFixture.QinqPool,
                        qinq_enabled = true,
                    },
                    onu
                );
                order["username"] = $"drill-{i}";
                order["cpe_mac_address"] = string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:{i / 256:x2}:{i % 256:x2}");
                await UntilAsync(async () =>
                {
                    var answer = await host.Admin.PostAsync("/api/v1/provisioning/subscribers", order, ("Idempotency-Key", $"drill-{i}"));
                    if (answer.Status == HttpStatusCode.Accepted)
                    {
                        orders[i] = new Ordered(
                            answer["run_id"].GetGuid(),
                            answer["subscriber_id"].GetGuid(),
                            answer["service_id"].GetGuid(),
                            $"drill-{i}",
                            (string)order["password"]!,
                            onu
                        );
                    }

                    return answer.Status == HttpStatusCode.Accepted ? true
                        // A worker's round makes the OLT see the new light.
                        : (int)answer.Status >= 500 || answer.Text.Contains("pon.onu_unknown", StringComparison.Ordinal) ? false
                        : throw new InvalidOperationException(answer.Text);
                });
            }
        );
        return orders;
    }

    private static async Task UntilAsync(Func<Task<bool>> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (await act())
                {
                    return;
                }
            }
            catch (Exception e) when (e is not InvalidOperationException && attempt < 60)
            { /* PostgreSQL is on its way */
            }

            await Task.Delay(250);
        }
    }

    private async Task<int> ReviveAsync(HostProcess[] workers)
    {
        var died = 0;
        for (var i = 0; i < workers.Length; i++)
        {
            if (!workers[i].IsRunning)
            {
                died++;
                await workers[i].DisposeAsync();
                try
                {
                    workers[i] = await host.WorkerAsync(Seed);
                }
                catch (InvalidOperationException e) when (e.Message.Contains("ended with 137", StringComparison.Ordinal))
                { /* A step ended it before it had said that it is ready. */
                }
            }
        }

        return died;
    }

    private async Task<long> UnfinishedAsync() =>
        await host.Database.ScalarAsync<long>("SELECT count(*) FROM saga_runs WHERE status IN (0, 1, 4)");

    private async Task<string> StateAsync() =>
        string.Join(
            '\n',
            await host.Database.QueryAsync<string>(
                """
                SELECT r.subject_label || ' run ' || r.status || ' ' || s.name || ' ' || s.status || ' attempts ' || s.attempts || '/' || s.undo_attempts || ' '
                    || coalesce(s.undo_code, s.error_code, '') || ': ' || coalesce(s.undo_message, s.error_message, '')
                FROM saga_runs r JOIN saga_steps s ON s.run_id = r.id
                WHERE r.status NOT IN (2, 3, 5) AND s.status NOT IN (0, 2, 7) LIMIT 40
                """
            )
        );

    /// <summary>Every column of every table is searched for the ids, the name and the ONU's service of an order that was undone.</summary>
    private async Task NothingIsLeftOfUndoneOrdersAsync(IReadOnlyList<Ordered> orders)
    {
        var undone = await OfAsync(orders, SagaStatus.Compensated);
        undone.Count.ShouldBeGreaterThan(0, "the drill refuses some for good");
        var columns = await host.Database.QueryAsync<(string Table, string Column, string Type)>(
            """
            SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                AND format_type(a.atttypid, NULL) IN ('uuid', 'text', 'json', 'jsonb')
            """
        );
        var ids = undone.SelectMany(o => new[] { o.Subscriber.ToString(), o.Service.ToString() }).ToArray();
        var left = new List<string>();
        foreach (var (table, column, type) in columns.Where(c => !History.Contains(c.Table)))
        {
            var live = (table, column) switch
            {
                ("service_charges", _) => " AND voided_at IS NULL",
                ("drill_devices", _) => " AND live",
                // What was given back keeps its last owner for "who had it when".
                ("ipam_allocations" or "ipam_vlan_allocations", _) => " AND ended_at IS NULL",
                _ => "",
            };
            var found = await host.Database.ScalarAsync<long>(
                type is "uuid" or "text"
                    ? $"SELECT count(*) FROM {table} WHERE {column}::text = ANY (@ids){live}"
                    : $"SELECT count(*) FROM {table} WHERE EXISTS (SELECT FROM unnest(@ids) i WHERE {column}::text LIKE '%' || i || '%'){live}",
                new { ids }
            );
            if (found > 0)
            {
                left.Add($"{table}.{column}: {found}");
            }
        }

        left.ShouldBeEmpty();
        (
            await host.Database.ScalarAsync<long>(
                "SELECT count(*) FROM pon_onus WHERE serial = ANY (@onus) AND (admin <> 0 OR owner_id IS NOT NULL)",
                new { onus = undone.Select(o => o.Onu).ToArray() }
            )
        ).ShouldBe(0, "their ONUs are free again");
    }

    private async Task EveryoneElseHasOneOfEachAsync(IReadOnlyList<Ordered> orders)
    {
        var completed = await OfAsync(orders, SagaStatus.Completed);
        var degraded = await OfAsync(orders, SagaStatus.Degraded);
        List<Ordered> served = [.. completed, .. degraded];
        var owners = served.Select(o => o.Subscriber).ToArray();
        (await CountAsync("SELECT count(*) FROM subscribers WHERE status = 1 AND id = ANY (@owners)")).ShouldBe(
            served.Count,
            "subscribers"
        );
        (await CountAsync("SELECT count(*) FROM subscribers WHERE username LIKE 'drill-%'")).ShouldBe(served.Count, "subscribers in all");
        (await CountAsync("SELECT count(*) FROM subscriber_network_profiles WHERE subscriber_id = ANY (@owners)")).ShouldBe(
            served.Count,
            "profiles"
        );
        (await CountAsync("SELECT count(*) FROM ipam_allocations WHERE ended_at IS NULL")).ShouldBe(
            served.Count * 3,
            "v4, link and prefix each"
        );
        (await CountAsync("SELECT count(DISTINCT network) FROM ipam_allocations WHERE ended_at IS NULL")).ShouldBe(
            served.Count * 3,
            "no address twice"
        );
        (await CountAsync("SELECT count(*) FROM ipam_vlan_allocations WHERE ended_at IS NULL")).ShouldBe(served.Count, "VLANs");
        (await CountAsync("SELECT count(*) FROM pon_onus WHERE owner_id IS NOT NULL")).ShouldBe(served.Count, "ONUs");
        (await CountAsync("SELECT count(*) FROM service_charges WHERE kind = 0 AND voided_at IS NULL")).ShouldBe(served.Count, "charges");
        (await CountAsync("SELECT count(*) FROM service_instances WHERE status = 2 OR id = ANY (@owners)")).ShouldBeLessThanOrEqualTo(
            served.Count
        );
        (
            await CountAsync("SELECT count(*) FROM (SELECT kind, owner FROM drill_devices WHERE live GROUP BY 1, 2 HAVING count(*) > 1) d")
        ).ShouldBe(0);
        (await CountAsync("SELECT count(*) FROM drill_devices WHERE live AND kind = 'cpe'")).ShouldBeInRange(completed.Count, served.Count);

        async Task<long> CountAsync(string sql) => await host.Database.ScalarAsync<long>(sql, new { owners });
    }

    /// <summary>Those who were provisioned sign on; those who were undone are strangers.</summary>
    private async Task SignOnAsync(IReadOnlyList<Ordered> orders)
    {
        var nas = await host.NasAsync();
        var served = (await OfAsync(orders, SagaStatus.Completed)).Take(20).ToList();
        foreach (var order in served)
        {
            await Eventually.IsTrueAsync(
                async () => (await nas.AccessAsync(order.Username, order.Password)).Code == PacketCode.AccessAccept,
                $"{order.Username} signs on"
            );
        }

        foreach (var order in (await OfAsync(orders, SagaStatus.Compensated)).Take(20))
        {
            (await nas.AccessAsync(order.Username, order.Password)).Code.ShouldBe(PacketCode.AccessReject, order.Username);
        }
    }

    private async Task<List<Ordered>> OfAsync(IReadOnlyList<Ordered> orders, SagaStatus status)
    {
        var runs = (
            await host.Database.QueryAsync<Guid>("SELECT id FROM saga_runs WHERE status = @status", new { status = (short)status })
        ).ToHashSet();
        return orders.Where(o => runs.Contains(o.Run)).ToList();
    }

    private sealed record Ordered(Guid Run, Guid Subscriber, Guid Service, string Username, string Password, string Onu);
}
