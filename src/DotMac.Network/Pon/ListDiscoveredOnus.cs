using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Pon;

/// <summary>ONUs whose light is seen and that belong to nobody, as the tenant's controller tells them now.</summary>
/// <remarks><b>Errors:</b> <c>pon.not_configured</c> 409, <c>pon.olt_unreachable</c> 503.</remarks>
public static class ListDiscoveredOnus
{
    [Requires("isp.network.pon.read")]
    public sealed record Command;

    public sealed record Response(string Driver, IReadOnlyList<Item> Items);

    /// <param name="VendorId">The first four letters of the serial number.</param>
    /// <param name="VendorSpecific">The rest of it.</param>
    public sealed record Item(
        string Serial,
        string VendorId,
        string VendorSpecific,
        string OltName,
        string PonPort,
        int? OnuNumber,
        double? RxPowerDbm,
        DateTimeOffset? ObservedAt,
        bool Simulated
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/pon/discovered", Get).WithName(nameof(ListDiscoveredOnus));
        app.MapGet("/voltha/discover-onus", Get).WithName(nameof(ListDiscoveredOnus) + "Voltha");
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, Drivers drivers) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var pon = await drivers.ForAsync<IPonController>(ct);
            var seen = pon.CallsOut ? await work.OutsideAsync(() => pon.DiscoveredAsync(ct), ct) : await pon.DiscoveredAsync(ct);
            if (!seen.IsConfigured)
            {
                return PonErrors.NotConfigured;
            }

            if (seen.Fault is { } fault)
            {
                return PonErrors.Of(fault);
            }

            return new Response(
                pon.Driver,
                [
                    .. seen.Value!.Select(o => new Item(
                        o.Serial,
                        o.Serial[..4],
                        o.Serial[4..],
                        o.OltName,
                        o.PonPort,
                        o.OnuNumber,
                        o.RxPowerDbm,
                        o.ObservedAt,
                        o.IsSimulated
                    )),
                ]
            );
        }
    }
}
