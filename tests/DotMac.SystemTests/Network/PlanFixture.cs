using System.Text.Json;
using DotMac.Contracts.External;
using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Kernel.Data.Migrations;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.UseCases;
using DotMac.Network;
using DotMac.Network.Ipam.Pools;
using DotMac.SystemTests.Harness;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DotMac.SystemTests.Network;

/// <summary>The address plan's driver over a real database, as workflows use it: in scopes with a unit of work of their own.</summary>
public sealed class PlanFixture : IAsyncLifetime
{
    private readonly TestDatabase database = new();
    private Databases databases = null!;
    private ServiceProvider provider = null!;

    public TestDatabase Database => database;

    public IServiceProvider Services => provider;

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        var roles = new DatabaseRoles(database.Owner, default);
        databases = new Databases(
            Pooled(roles.ConnectionString(DatabaseRoles.App, 64)),
            roles.ConnectionString(DatabaseRoles.Aaa, 2),
            roles.ConnectionString(DatabaseRoles.Platform, 4)
        );
        provider = new ServiceCollection()
            .AddKernel()
            .AddNetwork()
            .AddLogging()
            .AddSingleton(databases)
            .AddDataProtection()
            .UseEphemeralDataProtectionProvider()
            .Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)
            .BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await provider.DisposeAsync();
        await databases.DisposeAsync();
        await database.DisposeAsync();
    }

    private static string Pooled(string connection) => new NpgsqlConnectionStringBuilder(connection) { Pooling = true }.ConnectionString;

    /// <summary>A pool that serves by default.</summary>
    internal Task<PoolView> PoolAsync(
        Guid tenant,
        string name,
        string type,
        string network,
        int? length = null,
        int quarantineSeconds = 0
    ) =>
        RunAsync<CreateAddressPool.Command, PoolView>(
            tenant,
            new(new PoolFields(name, type, network, DelegationLength: length, IsDefault: true, QuarantineSeconds: quarantineSeconds))
        );

    /// <summary>A tenant with nothing in it.</summary>
    public async Task<Guid> TenantAsync()
    {
        var id = Guid.CreateVersion7();
        await database.ExecuteAsync(
            "INSERT INTO tenants (tenant_id, slug, name) VALUES (@id, @slug, @slug)",
            new { id, slug = "t" + id.ToString("N")[20..] }
        );
        return id;
    }

    /// <summary>One scope with its unit of work open; what it did is kept when it says so.</summary>
    public async Task<PlanScope> OpenAsync(Guid tenant)
    {
        var scope = provider.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "tests");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, default);
        var plan = await scope.ServiceProvider.GetRequiredService<Drivers>().ForAsync<IAddressPlan>(default);
        return new PlanScope(scope, work, plan);
    }

    /// <summary>Does one thing in a transaction of its own and commits.</summary>
    public async Task<T> DoAsync<T>(Guid tenant, Func<IAddressPlan, Task<T>> act)
    {
        await using var scope = await OpenAsync(tenant);
        var result = await act(scope.Plan);
        await scope.CommitAsync();
        return result;
    }

    /// <summary>Runs a use case as the platform itself would.</summary>
    public async Task<TResponse> RunAsync<TCommand, TResponse>(Guid tenant, TCommand command)
    {
        await using var scope = provider.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "tests");
        var result = await scope.ServiceProvider.GetRequiredService<IHandle<TCommand, TResponse>>().Handle(command, default);
        result.Error.ShouldBeNull($"{result.Error?.Message} {string.Join(' ', result.Error?.Faults ?? [])}");
        return result.Value;
    }
}

/// <summary>An open unit of work with the plan in it.</summary>
public sealed class PlanScope(AsyncServiceScope scope, UnitOfWork work, IAddressPlan plan) : IAsyncDisposable
{
    public IAddressPlan Plan { get; } = plan;

    public UnitOfWork Work { get; } = work;

    public Task CommitAsync() => Work.CommitAsync(default);

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
