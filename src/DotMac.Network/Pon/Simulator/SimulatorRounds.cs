using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotMac.Network.Pon.Simulator;

/// <summary>Keeps every tenant's simulated plant going. Any number of workers may run it: a round is taken by one of them.</summary>
internal sealed class SimulatorRounds(Databases databases, IServiceScopeFactory scopes, TimeProvider clock, ILogger<SimulatorRounds> log)
    : BackgroundService
{
    /// <summary>ONUs looked at in one transaction, in which orders for them wait.</summary>
    private const int AtOnce = 50;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round.Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The simulated OLTs are looked at again later: {Reason}", e.Message);
            }
        }
    }

    /// <summary>One round for every tenant that has an OLT.</summary>
    internal async Task RunOnceAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        var tenants = await connection.QueryAsync<Guid>(
            new CommandDefinition("SELECT DISTINCT tenant_id FROM pon_olts", cancellationToken: ct)
        );
        foreach (var tenant in tenants)
        {
            await TryAsync("The round of tenant", tenant, () => RunTenantAsync(tenant, ct), ct);
        }
    }

    private async Task RunTenantAsync(Guid tenant, CancellationToken ct)
    {
        var boxes = await PartAsync<IReadOnlyList<FibreRow>>(
            tenant,
            async round => await round.TakeAsync(ct) ? await round.BeginAsync(ct) : null,
            ct
        );
        if (boxes is null)
        {
            return;
        }

        foreach (var some in boxes.Chunk(AtOnce))
        {
            if (!await TryAsync("Some ONUs of tenant", tenant, () => LookAsync(tenant, some, ct), ct))
            {
                // One of them cannot be looked at; the others can.
                foreach (var one in some)
                {
                    await TryAsync($"ONU {one.Serial} of tenant", tenant, () => LookAsync(tenant, [one], ct), ct);
                }
            }
        }

        await PartAsync(
            tenant,
            async round =>
            {
                await round.EndAsync(ct);
                return boxes;
            },
            ct
        );
    }

    private Task<IReadOnlyList<FibreRow>?> LookAsync(Guid tenant, IReadOnlyList<FibreRow> some, CancellationToken ct) =>
        PartAsync(
            tenant,
            async round =>
            {
                await round.LookAsync(some, ct);
                return some;
            },
            ct
        );

    /// <summary>What cannot be done now is left to the next round, and keeps nothing else waiting; a lost database ends this one.</summary>
    private async Task<bool> TryAsync(string what, Guid tenant, Func<Task> part, CancellationToken ct)
    {
        try
        {
            await part();
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && !UnexpectedErrors.IsDatabaseLoss(e))
        {
            log.LogError(e, "{What} {Tenant} could not be looked at", what, tenant);
            return false;
        }
    }

    /// <summary>A part of a round in a transaction of its own.</summary>
    private async Task<T?> PartAsync<T>(Guid tenant, Func<Round, Task<T?>> part, CancellationToken ct)
        where T : class
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "simulated OLT");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, tenant, ct);
        var done = await part(scope.ServiceProvider.GetRequiredService<Round>());
        if (done is not null)
        {
            await work.CommitAsync(ct);
        }

        return done;
    }
}
