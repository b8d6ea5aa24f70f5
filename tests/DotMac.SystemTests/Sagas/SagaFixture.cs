using System.Diagnostics;
using DotMac.Kernel;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using DotMac.SystemTests.Harness;
using DotMac.TestWorker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DotMac.SystemTests.Sagas;

/// <summary>A database with the toys' table, a tenant, and workers: in this process, or in processes of their own that can be killed.</summary>
public class SagaFixture : IAsyncLifetime
{
    public const string Starter = "ada@example.net";
    public TestDatabase Database { get; } = new();
    public Guid Tenant { get; } = Guid.NewGuid();

    public virtual async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        await Database.ExecuteAsync(Toy.Tables);
        await Database.ExecuteAsync("INSERT INTO tenants (tenant_id, slug, name) VALUES (@Tenant, 'toys', 'Toys')", new { Tenant });
    }

    public virtual Task DisposeAsync() => Database.DisposeAsync();

    public ServiceProvider Node(params SagaDefinition[] definitions) => Node(TimeSpan.FromSeconds(2), definitions);

    public ServiceProvider Node(TimeSpan lease, params SagaDefinition[] definitions) =>
        Node(new SagaOptions { Lease = lease, Poll = TimeSpan.FromMilliseconds(100) }, definitions);

    public ServiceProvider Node(SagaOptions options, params SagaDefinition[] definitions) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(Database.Databases)
            .AddSingleton(options)
            .AddKernel()
            .AddToys(definitions)
            .AddSagaWorker()
            .BuildServiceProvider();

    public static async Task<IAsyncDisposable> WorkAsync(ServiceProvider node)
    {
        var worker = node.GetServices<IHostedService>().Single();
        await worker.StartAsync(default);
        return new Stopping(worker);
    }

    /// <summary>Does something as the starter in a unit of work of the tenant, and commits it.</summary>
    public async Task<T> ActAsync<T>(ServiceProvider node, Func<ISagaRuns, Task<T>> act)
    {
        await using var scope = node.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(Tenant, Starter);
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, Tenant, default);
        var done = await act(scope.ServiceProvider.GetRequiredService<ISagaRuns>());
        await work.CommitAsync(default);
        return done;
    }

    public async Task<Guid> StartAsync(ServiceProvider node, string definition, ToyState state, RunOrder? order = null) =>
        (await ActAsync(node, runs => runs.StartAsync(definition, state, order ?? new RunOrder(Guid.NewGuid(), "S-1"), default))).Value;

    public Task<Error?> RetryAsync(ServiceProvider node, Guid run, string? from = null) =>
        ActAsync(node, runs => runs.RetryAsync(run, from, default));

    public async Task<SagaStatus> StatusAsync(Guid run) =>
        (SagaStatus)await Database.ScalarAsync<short>("SELECT status FROM saga_runs WHERE id = @run", new { run });

    public Task BecomesAsync(Guid run, SagaStatus status, double seconds = 60) =>
        Eventually.IsTrueAsync(async () => await StatusAsync(run) == status, $"run is {status}", TimeSpan.FromSeconds(seconds));

    /// <summary>Status of each step, by its name.</summary>
    public async Task<IReadOnlyDictionary<string, StepStatus>> StepsAsync(Guid run) =>
        (
            await Database.QueryAsync<(string, short)>("SELECT name, status FROM saga_steps WHERE run_id = @run ORDER BY seq", new { run })
        ).ToDictionary(r => r.Item1, r => (StepStatus)r.Item2);

    /// <summary>The steps whose effect stands: done under some key and not undone under it.</summary>
    public Task<IReadOnlyList<string>> EffectsAsync(Guid run) =>
        Database.QueryAsync<string>("SELECT step FROM toy_effects WHERE run_id = @run AND done AND NOT undone ORDER BY step", new { run });

    /// <summary>A worker in a process of its own.</summary>
    /// <param name="limits">Workers lost, and too slow, before a run is set aside; none: the usual ones.</param>
    public async Task<Process> SpawnAsync(params string[] limits)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "DotMac.TestWorker"),
            [
                Database.ConnectionString(Kernel.Data.Migrations.DatabaseRoles.App),
                Database.ConnectionString(Kernel.Data.Migrations.DatabaseRoles.Aaa),
                Database.ConnectionString(Kernel.Data.Migrations.DatabaseRoles.Platform),
                .. limits,
            ]
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        Workspace.Track(process.Id);
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != "Working") { }

        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    private sealed class Stopping(IHostedService worker) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await worker.StopAsync(default);
    }
}
