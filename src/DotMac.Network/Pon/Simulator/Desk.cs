using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Network.Pon.Simulator;

/// <summary>What one call of the simulated controller works with: a scope and a transaction of its own.</summary>
internal sealed class Desk
{
    private Desk(IServiceProvider services)
    {
        Work = services.GetRequiredService<UnitOfWork>();
        Books = services.GetRequiredService<PonBooks>();
        Moves = services.GetRequiredService<OnuMoves>();
        Fibre = services.GetRequiredService<Fibre>();
    }

    public UnitOfWork Work { get; }
    public PonBooks Books { get; }
    public OnuMoves Moves { get; }
    public Fibre Fibre { get; }
    public FlowState Flows { get; set; } = FlowState.Installed;

    public static async Task<Desk> OpenAsync(AsyncServiceScope scope, CurrentCaller caller, CancellationToken ct)
    {
        var tenant = caller.Value.TenantId ?? throw new InvalidOperationException("The PON controller works for one tenant.");
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(tenant, "simulated OLT");
        var desk = new Desk(scope.ServiceProvider);
        await desk.Work.BeginAsync(DatabaseRole.App, tenant, ct);
        return desk;
    }

    /// <summary>Measures the ONU in when its light is there, and puts its service on the OLT.</summary>
    public async Task PutServiceAsync(OnuRow row, CancellationToken ct)
    {
        if (row.Oper == OnuOper.Activating)
        {
            await Moves.ApplyAsync(row, OnuEvent.Ranged, ct);
        }

        await Books.PutFlowsAsync(row, Flows, ct);
    }
}
