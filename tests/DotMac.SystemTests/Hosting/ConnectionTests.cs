using System.Diagnostics;
using Dapper;
using DotMac.Access;
using DotMac.Access.Profiles;
using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.SystemTests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Hosting;

/// <summary>What connections are given back with, what listeners hear, and what a refused save leaves behind.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private static readonly Error Taken = Error.Conflict("test.name_taken", "There is one.");
    private readonly TestDatabase database = new();
    private readonly Guid tenant = Guid.CreateVersion7();
    private Databases databases = null!;
    private ServiceProvider provider = null!;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        var roles = new DatabaseRoles(database.Owner, default);
        databases = new Databases(
            roles.ConnectionString(DatabaseRoles.App, 1),
            roles.ConnectionString(DatabaseRoles.Aaa, 1),
            roles.ConnectionString(DatabaseRoles.Platform, 1)
        );
        provider = new ServiceCollection()
            .AddKernel()
            .AddLogging()
            .AddSingleton(databases)
            .AddTenantContext<AccessDb>(options => new AccessDb(options))
            .BuildServiceProvider();
        await database.ExecuteAsync("INSERT INTO tenants (tenant_id, slug, name) VALUES (@tenant, 'kept', 'Kept')", new { tenant });
    }

    public async Task DisposeAsync()
    {
        await provider.DisposeAsync();
        await databases.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_listener_takes_no_place_of_the_pool_and_ends_with_its_connection()
    {
        int backend;
        await using (var listener = await databases.OpenListenerAsync(default))
        {
            backend = await listener.ExecuteScalarAsync<int>("LISTEN dotmac_test; SELECT pg_backend_pid()");
            await using var pooled = await databases.Platform.OpenConnectionAsync();
            (await pooled.ExecuteScalarAsync<int>("SELECT pg_backend_pid()")).ShouldNotBe(backend);
        }

        await using var next = await databases.Platform.OpenConnectionAsync();
        (await next.QueryAsync<string>("SELECT * FROM pg_listening_channels()")).ShouldBeEmpty();
        await Eventually.IsTrueAsync(
            async () =>
                await database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE pid = @backend", new { backend }) == 0,
            "its session is gone"
        );
    }

    [Theory]
    [InlineData(DatabaseRole.App)]
    [InlineData(DatabaseRole.Platform)]
    public async Task A_connection_is_given_back_with_nothing_of_a_transaction_that_was_let_go(DatabaseRole role)
    {
        await using (var let = await databases.Of(role).OpenConnectionAsync())
        {
            var transaction = await let.BeginTransactionAsync();
            await let.ExecuteAsync("SELECT set_config('app.tenant_id', @id, true)", new { id = tenant.ToString() }, transaction);
            await let.ExecuteAsync("SELECT pg_advisory_xact_lock(4711)", null, transaction);
            // Neither committed nor rolled back: closed as it is.
        }

        await using var next = await databases.Of(role).OpenConnectionAsync();
        (await next.ExecuteScalarAsync<string>("SELECT coalesce(current_setting('app.tenant_id', true), '')")).ShouldBe("");
        (
            await next.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        ).ShouldBe(0);
    }

    [Fact]
    public async Task The_first_notification_is_heard_at_once_and_those_close_behind_it_together()
    {
        var heard = new List<string>();
        await using var listener = await databases.OpenListenerAsync(default);
        listener.Notification += (_, said) => heard.Add(said.Payload);
        await listener.ExecuteAsync("LISTEN dotmac_test");
        await SayAsync("one");
        await listener.WaitAsync(TimeSpan.FromSeconds(30));
        var breath = TimeSpan.FromSeconds(5);
        var clock = TimeProvider.System;

        var asked = Stopwatch.StartNew();
        await listener.GatherAsync(breath, clock.GetTimestamp() - 5 * clock.TimestampFrequency, clock, default);
        asked.Elapsed.ShouldBeLessThan(breath, "it was last acted on long ago");
        heard.ShouldBe(["one"]);

        var actedAt = clock.GetTimestamp();
        var gathering = listener.GatherAsync(breath, actedAt, clock, default);
        await SayAsync("two");
        await SayAsync("three");
        await gathering;
        heard.ShouldBe(["one", "two", "three"]);
        clock.GetElapsedTime(actedAt).ShouldBeGreaterThan(breath - TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Of_a_refused_save_nothing_is_kept_and_the_transaction_goes_on()
    {
        (await SaveAsync("Gold")).ShouldBe([null]);
        (await SaveAsync("Silver", "GOLD", "Bronze")).ShouldBe([null, Taken, null]);
        (
            await database.QueryAsync<string>(
                "SELECT name FROM radius_bandwidth_profiles WHERE tenant_id = @tenant ORDER BY name",
                new { tenant }
            )
        ).ShouldBe(["Bronze", "Gold", "Silver"]);
    }

    /// <summary>Each with a companion that is refused with it, all in one transaction.</summary>
    private async Task<List<Error?>> SaveAsync(params string[] names)
    {
        await using var scope = provider.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "test");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, default);
        var db = scope.ServiceProvider.GetRequiredService<AccessDb>();
        var answers = new List<Error?>();
        foreach (var name in names)
        {
            db.BandwidthProfiles.Add(Profile(name));
            if (name == "GOLD")
            {
                db.BandwidthProfiles.Add(Profile("Companion"));
            }

            answers.Add(await db.TrySaveAsync(default, null, ("radius_bandwidth_profiles_name_key", Taken)));
            db.ChangeTracker.Clear();
        }

        // What was noted for the refused save goes with the rest: a handler that is refused commits nothing, this test does.
        (await db.BandwidthProfiles.CountAsync()).ShouldBeGreaterThan(0);
        await work.CommitAsync(default);
        return answers;
    }

    private BandwidthProfile Profile(string name) =>
        new()
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(),
            Name = name,
            DownloadRateKbps = 1000,
            UploadRateKbps = 1000,
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };

    private Task SayAsync(string what) => database.ExecuteAsync("SELECT pg_notify('dotmac_test', @what)", new { what });
}
