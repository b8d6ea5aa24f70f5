using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>One ONU with what its OLT forwards for it.</summary>
/// <remarks><b>Errors:</b> <c>pon.onu_not_found</c> 404.</remarks>
public static class GetOnu
{
    [Requires("isp.network.pon.read")]
    public sealed record Command(string Serial);

    public sealed record Response(OnuView Onu, IReadOnlyList<FlowView> Flows);

    /// <summary>One direction of the service. <c>MeterKbps</c> is the rate that it is held to.</summary>
    public sealed class FlowView
    {
        public required FlowDirection Direction { get; init; }
        public required short? ServiceVlan { get; init; }
        public required short? InnerVlan { get; init; }
        public required int MeterKbps { get; init; }
        public required short TechnologyProfile { get; init; }
        public required FlowState State { get; init; }
        public required DateTimeOffset InstalledAt { get; init; }
    }

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/pon/onus/{serial}", Get).WithName(nameof(GetOnu));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(
        string serial,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(serial.ToUpperInvariant()), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (await OnuView.FindAsync(work, command.Serial, ct) is not { } onu)
            {
                return PonErrors.OnuNotFound;
            }

            var flows = await work.Connection.QueryAsync<FlowView>(
                new CommandDefinition(
                    "SELECT direction, service_vlan, inner_vlan, meter_kbps, technology_profile, state, installed_at FROM pon_flows WHERE serial = @Serial ORDER BY direction",
                    new { command.Serial },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            return new Response(onu, flows.AsList());
        }
    }
}
