using System.Globalization;
using System.Reflection;
using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.TestWorker;

/// <summary>
/// Around a driver of a role: trouble inside the call, where only its key tells that it is the same one again. It fails before the deed or
/// behind it, by a word or by an exception; or it hangs until another worker has the run, and goes on then. Half of the plans and of the billing
/// systems are far ones: each call a transaction of its own, whatever becomes of the caller's, and a key that was given back is not taken again,
/// for whoever has lost his lease may come with it late.
/// </summary>
public class TroubledRole<TRole> : DispatchProxy
    where TRole : class, IExternalRole
{
    private const int Most = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private Type driver = null!;
    private IServiceProvider services = null!;
    private TRole near = null!;

    private bool IsFar => !near.CallsOut && DrillSeed.About is { } about && Seed.Throw("far", typeof(TRole).Name, about) < 500;

    private DrillSeed Seed => services.GetRequiredService<DrillSeed>();

    /// <summary>Puts trouble around the driver of that name.</summary>
    public static void Add(IServiceCollection collection, string name)
    {
        var known = collection.Last(s => s.ServiceType == typeof(TRole) && Equals(s.ServiceKey, name));
        var driver = known.KeyedImplementationType!;
        collection.AddKeyedScoped<TRole>(
            name,
            (provider, _) =>
            {
                var made = Create<TRole, TroubledRole<TRole>>();
                var role = (TroubledRole<TRole>)(object)made;
                (role.driver, role.services) = (driver, provider);
                role.near = (TRole)ActivatorUtilities.CreateInstance(provider, driver);
                return made;
            }
        );
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == "get_" + nameof(IExternalRole.CallsOut))
        {
            return IsFar || near.CallsOut;
        }

        if (!typeof(Task).IsAssignableFrom(targetMethod.ReturnType))
        {
            return targetMethod.Invoke(near, args);
        }

        var answer = targetMethod.ReturnType.GetGenericArguments()[0];
        return typeof(TroubledRole<TRole>)
            .GetMethod(nameof(CallAsync), BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(answer.GetGenericArguments()[0])
            .Invoke(this, [targetMethod, args]);
    }

    private async Task<RoleAnswer<T>> CallAsync<T>(MethodInfo method, object?[] args)
    {
        var dice = KeyOf(method, args) is { } key ? await ThrowAsync(method.Name, key) : int.MaxValue;
        if (dice < 30)
        {
            await BlowAsync(dice < 15 ? "fault before" : "lost before");
            return dice < 15
                ? new RoleFault("drill.before", "The drill keeps it from the deed.", MayPass: true)
                : throw new IOException("The drill fails before the deed.");
        }

        if (dice is >= 60 and < 76)
        {
            await HangAsync("hung before", KeyOf(method, args)!);
        }

        var answer = await AskAsync<T>(method, args);
        if (dice is >= 76 and < 92)
        {
            await HangAsync("hung behind", KeyOf(method, args)!);
        }

        if (dice is >= 30 and < 60)
        {
            await BlowAsync(dice < 45 ? "fault behind" : "lost behind");
            return dice < 45
                ? new RoleFault("drill.behind", "The drill loses the answer.", MayPass: true)
                : throw new IOException("The drill loses the answer.");
        }

        return answer;
    }

    private async Task<RoleAnswer<T>> AskAsync<T>(MethodInfo method, object?[] args)
    {
        if (!IsFar)
        {
            return await (Task<RoleAnswer<T>>)method.Invoke(near, args)!;
        }

        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var tenant = services.GetRequiredService<CurrentCaller>().Value.TenantId;
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "far system");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, CancellationToken.None);
        if (KeyOf(method, args) is { } key && await WasGivenBackAsync(work, method, key))
        {
            return new RoleFault("drill.undone_already", "This key was given back.");
        }

        var far = ActivatorUtilities.CreateInstance(scope.ServiceProvider, driver);
        var answer = await (Task<RoleAnswer<T>>)method.Invoke(far, args)!;
        if (answer.Fault is null)
        {
            await work.CommitAsync(CancellationToken.None);
        }

        return answer;
    }

    /// <summary>One call of a key at a time. Of what gives back it is noted, and it does.</summary>
    private static async Task<bool> WasGivenBackAsync(UnitOfWork work, MethodInfo method, string key)
    {
        await work.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended(@key, 0))", new { key }, work.Transaction);
        if (method.Name.StartsWith("Release", StringComparison.Ordinal) || method.Name.StartsWith("Void", StringComparison.Ordinal))
        {
            await work.Connection.ExecuteAsync(
                "INSERT INTO drill_undone VALUES (@key) ON CONFLICT DO NOTHING",
                new { key },
                work.Transaction
            );
            return false;
        }

        return await work.Connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM drill_undone WHERE key = @key)",
            new { key },
            work.Transaction
        );
    }

    /// <summary>Only what acts has a key.</summary>
    private static string? KeyOf(MethodInfo method, object?[] args) =>
        method.Name.StartsWith("Preview", StringComparison.Ordinal) ? null
        : args[0]?.GetType().GetProperty("Key")?.GetValue(args[0]) is string ofOrder ? ofOrder
        : method.GetParameters()[0].Name == "key" ? (string?)args[0]
        : null;

    /// <summary>The same for one seed, one order and one call of it; one that is repeated often enough has no trouble any more.</summary>
    private async Task<int> ThrowAsync(string call, string key)
    {
        if (DrillSeed.About is not { } about)
        {
            return int.MaxValue;
        }

        await using var connection = await services.GetRequiredService<Databases>().App.OpenConnectionAsync();
        var time = await connection.ExecuteScalarAsync<int>(
            "INSERT INTO drill_calls AS c VALUES (@call || ' ' || @key, 1) ON CONFLICT (call) DO UPDATE SET times = c.times + 1 RETURNING times",
            new { call, key }
        );
        return time > Most
            ? int.MaxValue
            : Seed.Throw(
                typeof(TRole).Name,
                call,
                about,
                key[key.IndexOf(':', StringComparison.Ordinal)..],
                time.ToString(CultureInfo.InvariantCulture)
            );
    }

    /// <summary>Lets another worker take the run, and goes on as if nothing were: whoever has lost his lease may act late, and commit nothing.</summary>
    private async Task HangAsync(string how, string key)
    {
        if (!(IsFar || near.CallsOut) || !Guid.TryParseExact(key.Split(':')[0], "N", out var run))
        {
            return;
        }

        await BlowAsync(how);
        await using var connection = await services.GetRequiredService<Databases>().Platform.OpenConnectionAsync();
        var token = await connection.ExecuteScalarAsync<Guid?>("SELECT lease_token FROM saga_runs WHERE id = @run", new { run });
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            // The worker's own clock goes on and renews it: again and again, until somebody was quicker.
            await connection.ExecuteAsync(
                "UPDATE saga_runs SET leased_until = clock_timestamp() - interval '1 s' WHERE id = @run AND lease_token = @token",
                new { run, token }
            );
            await Task.Delay(50);
            if (await connection.ExecuteScalarAsync<Guid?>("SELECT lease_token FROM saga_runs WHERE id = @run", new { run }) != token)
            {
                return;
            }
        }
    }

    private Task BlowAsync(string how) =>
        services.GetRequiredService<DrillBlows>().CountAsync($"{typeof(TRole).Name[1..]}{(IsFar ? " (far)" : "")}", how);
}
