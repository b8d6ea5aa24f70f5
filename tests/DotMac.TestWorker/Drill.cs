using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.TestWorker;

/// <summary>How the drill's dice fall: the same for one seed, whichever worker throws them.</summary>
public sealed record DrillSeed(int Seed)
{
    private static readonly AsyncLocal<string?> Order = new();

    /// <summary>The order that the current flow works for; null outside of runs.</summary>
    public static string? About
    {
        get => Order.Value;
        set => Order.Value = value;
    }

    /// <summary>From 0 to 999.</summary>
    public int Throw(params string[] about)
    {
        var text = string.Join('|', about.Prepend(Seed.ToString(CultureInfo.InvariantCulture)));
        return (int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text))) % 1000);
    }
}

/// <summary>What trouble was made, where, and how often: for the drill to tell at its end.</summary>
public sealed class DrillBlows(Databases databases)
{
    /// <param name="place">A step, or a role.</param>
    public async Task CountAsync(string place, string kind)
    {
        await using var connection = await databases.App.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "INSERT INTO drill_blows AS b VALUES (@place, @kind, 1) ON CONFLICT (place, kind) DO UPDATE SET times = b.times + 1",
            new { place, kind }
        );
    }
}

/// <summary>Turns a worker of the platform into one whose every step may fail, lose its answer, be refused, or end the process.</summary>
public static class Drill
{
    public const string Tables = """
        CREATE TABLE drill_kills (key text PRIMARY KEY);
        CREATE TABLE drill_devices (kind text NOT NULL, key text NOT NULL, owner uuid NOT NULL, live boolean NOT NULL, PRIMARY KEY (kind, key));
        CREATE TABLE drill_undone (key text PRIMARY KEY);
        CREATE TABLE drill_calls (call text PRIMARY KEY, times int NOT NULL);
        CREATE TABLE drill_blows (place text NOT NULL, kind text NOT NULL, times int NOT NULL, PRIMARY KEY (place, kind));
        GRANT SELECT, INSERT, UPDATE ON drill_kills, drill_devices, drill_undone, drill_calls, drill_blows TO dotmac_app;
        """;

    public static void Add(IServiceCollection services, int seed)
    {
        services.AddSingleton(new DrillSeed(seed));
        services.AddSingleton<DrillBlows>();
        services.AddSingleton(
            new SagaOptions
            {
                AtOnce = 12,
                Lease = TimeSpan.FromSeconds(2),
                // Fifty workers are killed under two hundred runs, whatever they do: nothing is learned of a run from that.
                MostClaims = 40,
                Poll = TimeSpan.FromMilliseconds(100),
            }
        );
        services.AddKeyedScoped<IAcs, DrillAcs>("none");
        services.AddKeyedScoped<IMonitoring, DrillMonitoring>("none");
        TroubledRole<IAddressPlan>.Add(services, "built-in");
        TroubledRole<IPonController>.Add(services, "simulated");
        TroubledRole<IServiceBilling>.Add(services, "built-in");
        foreach (var known in services.Where(s => s.ServiceType == typeof(SagaDefinition)).ToList())
        {
            var definition = (SagaDefinition)known.ImplementationInstance!;
            services.Remove(known);
            services.AddSaga(definition with { Steps = [.. definition.Steps.Select(s => Trouble(s, definition.State))] });
        }
    }

    private static SagaStep Trouble(SagaStep step, Type state) =>
        step with
        {
            Action = typeof(TroubledAction<,>).MakeGenericType(step.Action, state),
            Backoff = TimeSpan.FromMilliseconds(40),
            UndoRetries = 30,
        };
}

/// <summary>Around every action: trouble before it, or behind it.</summary>
public sealed class TroubledAction<TAction, TState>(TAction inner, DrillSeed seed, DrillBlows blows, Databases databases)
    : ISagaAction<TState>
    where TAction : class, ISagaAction<TState>
    where TState : class
{
    public ValueTask<bool> CallsOutAsync(TState state, CancellationToken ct)
    {
        DrillSeed.About = Who(state);
        return inner.CallsOutAsync(state, ct);
    }

    public Task<StepResult> RunAsync(TState state, StepContext step, CancellationToken ct) =>
        // Of a thousand attempts 12 are refused for good, 60 fail before, 40 behind; 1 process dies before, 2 behind.
        AroundAsync(state, step, [12, 72, 112, 113, 115], () => inner.RunAsync(state, step, ct));

    public Task<StepResult> UndoAsync(TState state, StepContext step, CancellationToken ct) =>
        AroundAsync(state, step, [0, 100, 150, 154, 158], () => inner.UndoAsync(state, step, ct));

    private async Task<StepResult> AroundAsync(TState state, StepContext step, int[] up, Func<Task<StepResult>> act)
    {
        var who = Who(state);
        DrillSeed.About = who;
        var way = step.Key == step.DoKey ? "do" : "undo";
        var dice = seed.Throw(who, step.Step, way, step.Attempt.ToString(CultureInfo.InvariantCulture));
        var place = $"{way} {step.Step}";
        if (dice < up[0])
        {
            await blows.CountAsync(place, "refused");
            return StepResult.Fail("drill.refused", "The drill refuses it.");
        }

        if (dice < up[1])
        {
            await blows.CountAsync(place, "failed before");
            throw new IOException("The drill fails before the deed.");
        }

        if (dice >= up[2] && dice < up[3])
        {
            await KillOnceAsync(step);
        }

        var result = await act();
        if (dice >= up[1] && dice < up[2])
        {
            await blows.CountAsync(place, "failed behind");
            throw new IOException("The drill loses the answer.");
        }

        if (dice >= up[3] && dice < up[4])
        {
            await KillOnceAsync(step);
        }

        return result;
    }

    private static string Who(TState state) => (string)typeof(TState).GetProperty("Username")!.GetValue(state)!;

    private async Task KillOnceAsync(StepContext step)
    {
        await using var connection = await databases.App.OpenConnectionAsync();
        if (await connection.ExecuteAsync("INSERT INTO drill_kills VALUES (@Key) ON CONFLICT DO NOTHING", step) == 1)
        {
            System.Diagnostics.Process.GetCurrentProcess().Kill();
            await Task.Delay(Timeout.Infinite);
        }
    }
}

/// <summary>What a far system keeps: a row for each key, which is not taken again once it was given back.</summary>
public abstract class DrillSystem(Databases databases, CurrentCaller caller)
{
    public string Driver => "drill";

    public bool CallsOut => true;

    protected async Task<RoleFault?> TakeAsync(string kind, string key, Guid owner)
    {
        _ = caller.Value.TenantId ?? throw new InvalidOperationException("Asked for nobody.");
        await using var connection = await databases.App.OpenConnectionAsync();
        var live = await connection.ExecuteScalarAsync<bool>(
            "INSERT INTO drill_devices VALUES (@kind, @key, @owner, true) ON CONFLICT (kind, key) DO UPDATE SET owner = @owner RETURNING live",
            new
            {
                kind,
                key,
                owner,
            }
        );
        return live ? null : new RoleFault("drill.undone_already", "This key was given back.");
    }

    protected async Task<bool> HasAsync(string kind, Guid owner)
    {
        await using var connection = await databases.App.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM drill_devices WHERE kind = @kind AND owner = @owner AND live)",
            new { kind, owner }
        );
    }

    protected async Task GiveBackAsync(string kind, Guid owner)
    {
        await using var connection = await databases.App.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE drill_devices SET live = false WHERE kind = @kind AND owner = @owner", new { kind, owner });
    }
}

public sealed class DrillAcs(Databases databases, CurrentCaller caller) : DrillSystem(databases, caller), IAcs
{
    public async Task<RoleAnswer<CpeState>> ConfigureAsync(CpeOrder order, CancellationToken ct) =>
        await TakeAsync("cpe", order.Key, order.OwnerId) is { } fault ? (RoleAnswer<CpeState>)fault : Device(order.OwnerId);

    public async Task<RoleAnswer<Acknowledged>> ReleaseAsync(string key, Guid ownerId, CancellationToken ct)
    {
        await GiveBackAsync("cpe", ownerId);
        return Acknowledged.Instance;
    }

    public async Task<RoleAnswer<CpeState?>> FindAsync(Guid ownerId, CancellationToken ct) =>
        await HasAsync("cpe", ownerId) ? Device(ownerId) : (CpeState?)null;

    private static CpeState Device(Guid owner) => new($"cpe-{owner:N}", owner, IsVerified: true, LastInformAt: null);
}

public sealed class DrillMonitoring(Databases databases, CurrentCaller caller) : DrillSystem(databases, caller), IMonitoring
{
    public async Task<RoleAnswer<string>> WatchAsync(WatchOrder order, CancellationToken ct) =>
        await TakeAsync("watch", order.Key, order.OwnerId) is { } fault ? (RoleAnswer<string>)fault : "watch-" + order.Label;

    public async Task<RoleAnswer<Acknowledged>> UnwatchAsync(string key, Guid ownerId, CancellationToken ct)
    {
        await GiveBackAsync("watch", ownerId);
        return Acknowledged.Instance;
    }
}
