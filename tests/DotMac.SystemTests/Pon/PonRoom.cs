using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.UseCases;
using DotMac.Network.Pon.Simulator;
using DotMac.SystemTests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.SystemTests.Pon;

/// <summary>Words for standing in the central office: OLTs put up, boxes plugged in, the controller asked as a workflow asks it.</summary>
internal static class PonRoom
{
    public static async Task<Guid> OltAsync(this AccessApi api, string name, int ports = 2, int capacity = 64) =>
        Guid.Parse(
            (
                await api.Client.MustAsync(
                    201,
                    "POST",
                    "pon/simulator/olts",
                    new
                    {
                        name,
                        ports,
                        port_capacity = capacity,
                    }
                )
            ).Text("id")
        );

    public static Task PlugAsync(this AccessApi api, Guid olt, string serial, int port = 0, int distance = 1500) =>
        api.Client.MustAsync(
            200,
            "PUT",
            $"pon/simulator/onus/{serial}",
            new
            {
                olt_id = olt,
                port,
                distance_m = distance,
            }
        );

    public static Task TouchAsync(this AccessApi api, string serial, string touch) =>
        api.Client.MustAsync(200, "POST", $"pon/simulator/onus/{serial}/{touch}");

    /// <summary>Asks the tenant's controller, with no transaction open while it is asked.</summary>
    public static async Task<T> PonAsync<T>(this AccessApi api, Func<IPonController, Task<T>> ask)
    {
        await using var scope = api.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(AccessApi.Tenant, "test");
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        await work.BeginAsync(DatabaseRole.App, AccessApi.Tenant, CancellationToken.None);
        var pon = await scope.ServiceProvider.GetRequiredService<Drivers>().ForAsync<IPonController>(CancellationToken.None);
        return await work.OutsideAsync(() => ask(pon), CancellationToken.None);
    }

    public static OnuOrder Order(string key, string serial, Guid owner, int? vlan = 100, int? inner = null) =>
        new(key, serial, owner, "S-1", vlan, inner, 50_000, 10_000);

    /// <summary>A round of the simulator now, whenever the last one was.</summary>
    public static async Task RoundAsync(this AccessApi api)
    {
        await api.Database.ExecuteAsync("UPDATE pon_simulator SET ticked_at = now() - interval '1 hour', sampled_at = NULL");
        await api.Database.ExecuteAsync("UPDATE pon_olts SET last_restart_at = last_restart_at - interval '1 hour'");
        await ActivatorUtilities.CreateInstance<SimulatorRounds>(api.Services).RunOnceAsync(CancellationToken.None);
    }
}
