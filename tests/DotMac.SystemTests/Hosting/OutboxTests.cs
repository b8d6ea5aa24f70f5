using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;
using DotMac.SystemTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Hosting;

/// <summary>Events are delivered several at a time: what one of them meets is its own affair.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private readonly TestDatabase database = new();
    private readonly Deeds deeds = new();
    private readonly Guid tenant = Guid.CreateVersion7();
    private Databases databases = null!;
    private ServiceProvider provider = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        var roles = new DatabaseRoles(database.Owner, default);
        databases = new Databases(
            roles.ConnectionString(DatabaseRoles.App, 4),
            roles.ConnectionString(DatabaseRoles.Aaa, 2),
            roles.ConnectionString(DatabaseRoles.Platform, 4)
        );
        provider = new ServiceCollection()
            .AddKernel()
            .AddLogging()
            .AddSingleton(databases)
            .AddSingleton(deeds)
            .AddSingleton(EventKind.Of<Asked>("tests.asked"))
            .AddSingleton(EventKind.Of<Unheeded>("tests.unheeded"))
            .AddScoped<IHandleEvent<Asked>, Answer>()
            .BuildServiceProvider();
        await database.ExecuteAsync("INSERT INTO tenants (tenant_id, slug, name) VALUES (@tenant, 'outbox', 'Outbox')", new { tenant });
    }

    public async Task DisposeAsync()
    {
        await provider.DisposeAsync();
        await databases.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task One_that_is_refused_waits_by_itself_and_one_that_nobody_heeds_is_done()
    {
        await PutAsync("tests.asked", "first");
        await PutAsync("tests.asked", "refuse");
        await PutAsync("tests.unheeded", "nobody");
        await PutAsync("tests.asked", "last");
        // One round takes rows for a second at most: on a busy machine there are several.
        await Eventually.IsTrueAsync(
            async () =>
            {
                await Dispatcher.DispatchSomeAsync(default);
                return deeds.Done.Contains("last");
            },
            "all were delivered"
        );
        deeds.Done.Distinct(StringComparer.Ordinal).ShouldBe(["first", "refuse", "last"]);
        var rows = await RowsAsync();
        rows.Where(r => r.Name != "refuse").ShouldBe([("first", 1, true, false), ("nobody", 1, true, false), ("last", 1, true, false)]);
        var refused = rows.Single(r => r.Name == "refuse");
        (refused.Dispatched, refused.Waits).ShouldBe((false, true));
        (
            await database.ScalarAsync<bool>(
                "SELECT next_attempt_at >= @RefusedAt + interval '2 seconds' FROM outbox WHERE dispatched_at IS NULL",
                new { deeds.RefusedAt }
            )
        ).ShouldBeTrue("it waits for two seconds at least, from its refusal on");
        refused.Attempts.ShouldBe(deeds.Done.Count(d => d == "refuse"));
    }

    [Fact]
    public async Task What_was_delivered_before_a_stop_is_not_delivered_again()
    {
        using var stop = new CancellationTokenSource();
        deeds.Stop = stop;
        await PutAsync("tests.asked", "first");
        await PutAsync("tests.asked", "stop");
        await PutAsync("tests.asked", "last");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Dispatcher.DispatchSomeAsync(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Nothing was delivered before the stop in this round.
            }
        }

        (await RowsAsync()).ShouldBe([("first", 1, true, false), ("stop", 0, false, false), ("last", 0, false, false)]);
        deeds.Stop = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                await Dispatcher.DispatchSomeAsync(default);
                return deeds.Done.Contains("last");
            },
            "the rest is delivered"
        );
        deeds.Done.ShouldBe(["first", "stop", "stop", "last"]);
    }

    [Fact]
    public async Task Slow_ones_do_not_hold_the_others()
    {
        deeds.Takes = TimeSpan.FromMilliseconds(600);
        for (var i = 0; i < 5; i++)
        {
            await PutAsync("tests.asked", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        (await Dispatcher.DispatchSomeAsync(default)).ShouldBeTrue();
        deeds.Done.Count.ShouldBeInRange(1, 3, "after a second the rest is left to whoever comes next");
        (await RowsAsync()).Count(r => r.Dispatched).ShouldBe(deeds.Done.Count);
    }

    private OutboxDispatcher Dispatcher => ActivatorUtilities.CreateInstance<OutboxDispatcher>(provider);

    private Task PutAsync(string type, string name) =>
        database.ExecuteAsync(
            "INSERT INTO outbox (tenant_id, id, type, payload) VALUES (@tenant, @id, @type, jsonb_build_object('name', @name::text))",
            new
            {
                tenant,
                id = Guid.CreateVersion7(),
                type,
                name,
            }
        );

    private Task<IReadOnlyList<(string Name, int Attempts, bool Dispatched, bool Waits)>> RowsAsync() =>
        database.QueryAsync<(string Name, int Attempts, bool Dispatched, bool Waits)>(
            """
            SELECT payload->>'name', attempts, dispatched_at IS NOT NULL, last_error IS NOT NULL AND next_attempt_at > created_at
            FROM outbox ORDER BY created_at, id
            """
        );

    internal sealed record Asked(string Name);

    internal sealed record Unheeded(string Name);

    internal sealed class Deeds
    {
        public List<string> Done { get; } = [];
        public CancellationTokenSource? Stop { get; set; }
        public TimeSpan Takes { get; set; }
        public DateTime RefusedAt { get; set; }
    }

    internal sealed class Answer(Deeds deeds) : IHandleEvent<Asked>
    {
        public async Task<Error?> Handle(Asked happened, CancellationToken ct)
        {
            deeds.Done.Add(happened.Name);
            await Task.Delay(deeds.Takes, ct);
            if (happened.Name == "stop" && deeds.Stop is { } stop)
            {
                await stop.CancelAsync();
                ct.ThrowIfCancellationRequested();
            }

            if (happened.Name != "refuse")
            {
                return null;
            }

            deeds.RefusedAt = DateTime.UtcNow;
            return Error.Conflict("tests.refused", "Not now.");
        }
    }
}
