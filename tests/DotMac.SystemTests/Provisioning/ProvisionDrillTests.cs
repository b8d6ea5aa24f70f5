using System.Globalization;
using System.Net;
using DotMac.Access.Provisioning.Provision;
using DotMac.Kernel.Sagas;
using DotMac.Radius.Wire;
using DotMac.SystemTests.Harness;
using DotMac.SystemTests.Network;
using DotMac.SystemTests.Radius;
using Xunit.Abstractions;

namespace DotMac.SystemTests.Provisioning;

/// <summary>
/// Many provision runs at once, by workers that are killed at random points, over a PostgreSQL that crashes, with failures in every step:
/// nothing leaks, nothing is there twice, and every run ends completed or undone.
/// </summary>
[Trait("Category", "Drill")]
public sealed class ProvisionDrillTests(ProvisionDrillFixture host, ITestOutputHelper output) : IClassFixture<ProvisionDrillFixture>
{
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
        "drill_undone",
    ];

    private static readonly int Runs = Given("DOTMAC_DRILL_RUNS", 200);
    private static readonly int Seed = Given("DOTMAC_DRILL_SEED", 20_261_121);

    [Fact]
    public async Task Runs_of_killed_workers_over_a_crashing_database_leak_nothing()
    {
        await using var storm = await DrillStorm.BeginAsync(host, Seed, kills: Math.Max(3, Runs / 5), crashes: 3, steps: Runs * 10);
        var ordering = OrderAsync(Runs);
        await storm.RageAsync(async () => ordering.IsCompleted && await UnfinishedAsync() == 0, StateAsync);
        var orders = await ordering;
        // A slow machine is past the life of the first token by now.
        await host.Admin.LoginAsync(HostProcess.AdminEmail, HostProcess.AdminPassword);
        var repairs = await RepairAsync(storm);
        var took = storm.Lasted;
        await storm.DisposeAsync();
        var ends = await host.Database.QueryAsync<(short, long)>("SELECT status, count(*) FROM saga_runs GROUP BY status ORDER BY status");
        var blows = await host.Database.QueryAsync<(string Place, string Kind, int Times)>(
            "SELECT place, kind, times FROM drill_blows ORDER BY place, kind"
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"seed {Seed}: {orders.Count} runs, {storm.Deaths} deaths of workers: {storm.Kills} × kill -9 from outside, {storm.Deaths - storm.Kills} from inside a step, {storm.Crashes} crashes of PostgreSQL, {blows.Sum(b => b.Times)} injected failures, {repairs} repairs: {took.TotalSeconds:0.0} s; "
            ) + string.Join(", ", ends.Select(e => $"{(SagaStatus)e.Item1} {e.Item2}"))
        );
        output.WriteLine("Failures: " + string.Join(", ", blows.GroupBy(b => b.Kind).Select(g => $"{g.Key} {g.Sum(b => b.Times)}")));
        output.WriteLine("Where: " + string.Join(", ", blows.GroupBy(b => b.Place).Select(g => $"{g.Key} {g.Sum(b => b.Times)}")));
        orders.Count.ShouldBe(Runs);
        ends.Where(e => (SagaStatus)e.Item1 is not (SagaStatus.Completed or SagaStatus.Compensated)).ShouldBeEmpty(await StateAsync());
        await NothingIsLeftOfUndoneOrdersAsync(orders);
        await EveryoneElseHasOneOfEachAsync(orders);
        await PlanBooks.AgreeAsync(host.Database);
        await SignOnAsync(orders);
        EveryPlaceHadTrouble([.. blows.Select(b => (b.Place, b.Kind))]);
        storm.Crashes.ShouldBeGreaterThan(0, "PostgreSQL crashed");
        // Each death costs the start of a worker; of a short drill some may be spared.
        storm.Deaths.ShouldBeGreaterThanOrEqualTo(Runs < 200 ? 1 : Runs / 5, "workers were killed");
    }

    /// <summary>Of a short drill some may be spared.</summary>
    private static void EveryPlaceHadTrouble(IReadOnlyList<(string Place, string Kind)> blows)
    {
        if (Runs < 200)
        {
            return;
        }

        var places = blows.Select(b => b.Place).ToHashSet();
        ProvisionSaga.Definition.Steps.Select(s => "do " + s.Name).Except(places).ShouldBeEmpty("every step failed");
        places.ShouldContain(p => p.StartsWith("undo ", StringComparison.Ordinal), "some undoing failed");
        new[] { "AddressPlan", "AddressPlan (far)", "PonController", "ServiceBilling", "ServiceBilling (far)" }
            .Except(places)
            .ShouldBeEmpty("every role failed");
        blows.ShouldContain(b => b.Kind.StartsWith("hung", StringComparison.Ordinal), "somebody hung until his lease was another's");
    }

    private static int Given(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : otherwise;

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
                await UntilAsync(async () =>
                {
                    // A port has room for 128.
                    onu = await host.OnuAsync(port: i % 4);
                    return null;
                });
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
                    if (answer.Text.Contains("pon.onu_unknown", StringComparison.Ordinal))
                    {
                        // Two that were plugged in at one moment wanted the same number; the other one waits for a worker's round, or for this.
                        await host.PlugInAsync(onu, i % 4);
                        return answer.Text;
                    }

                    if (answer.Status != HttpStatusCode.Accepted)
                    {
                        // PostgreSQL is on its way.
                        return (int)answer.Status >= 500 ? answer.Text : throw new InvalidOperationException(answer.Text);
                    }

                    orders[i] = new Ordered(
                        answer["run_id"].GetGuid(),
                        answer["subscriber_id"].GetGuid(),
                        answer["service_id"].GetGuid(),
                        $"drill-{i}",
                        (string)order["password"]!,
                        onu
                    );
                    return null;
                });
            }
        );
        return orders;
    }

    /// <summary>Until it answers nothing, which is that it is done; what it answers instead is said when it takes too long.</summary>
    private static async Task UntilAsync(Func<Task<string?>> act)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string? why;
            try
            {
                if ((why = await act()) is null)
                {
                    return;
                }
            }
            catch (Exception e) when (e is not InvalidOperationException)
            {
                why = e.Message;
            }

            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMinutes(5))
            {
                throw new TimeoutException(why);
            }

            await Task.Delay(250);
        }
    }

    /// <summary>What ended degraded is mended, as an operator would: an optional step was refused for good, and is tried once more.</summary>
    private async Task<int> RepairAsync(DrillStorm storm)
    {
        for (var repairs = 0; ; )
        {
            var degraded = await host.Database.QueryAsync<Guid>("SELECT id FROM saga_runs WHERE status = 3");
            if (degraded.Count == 0)
            {
                return repairs;
            }

            foreach (var run in degraded)
            {
                await UntilAsync(async () =>
                {
                    var answer = await host.Admin.PostAsync($"/api/v1/provisioning/runs/{run}/retry");
                    return answer.Status == HttpStatusCode.OK ? null : answer.Text;
                });
                repairs++;
            }

            await storm.RageAsync(async () => await UnfinishedAsync() == 0, StateAsync);
        }
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
                WHERE r.status NOT IN (2, 5) AND s.status NOT IN (0, 2, 7) LIMIT 40
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
        var served = await OfAsync(orders, SagaStatus.Completed);
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
        (await CountAsync("SELECT count(*) FROM drill_devices WHERE live AND kind = 'cpe'")).ShouldBe(served.Count, "CPE");
        (await CountAsync("SELECT count(*) FROM drill_devices WHERE live AND kind = 'watch'")).ShouldBe(served.Count, "watched");

        async Task<long> CountAsync(string sql) => await host.Database.ScalarAsync<long>(sql, new { owners });
    }

    /// <summary>Those who were provisioned sign on; those who were undone are strangers.</summary>
    private async Task SignOnAsync(IReadOnlyList<Ordered> orders)
    {
        TestNas? nas = null;
        await UntilAsync(async () =>
        {
            // The host may meet a connection of before a crash, and says so.
            nas = await host.NasAsync();
            return null;
        });
        var served = (await OfAsync(orders, SagaStatus.Completed)).Take(20).ToList();
        foreach (var order in served)
        {
            await Eventually.IsTrueAsync(
                async () => (await nas!.AccessAsync(order.Username, order.Password)).Code == PacketCode.AccessAccept,
                $"{order.Username} signs on"
            );
        }

        foreach (var order in (await OfAsync(orders, SagaStatus.Compensated)).Take(20))
        {
            (await nas!.AccessAsync(order.Username, order.Password)).Code.ShouldBe(PacketCode.AccessReject, order.Username);
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
