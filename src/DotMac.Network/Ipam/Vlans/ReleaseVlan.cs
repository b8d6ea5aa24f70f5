using System.Text.Json;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Vlans;

/// <summary>
/// Gives a line's VLAN back by hand: its row stays for the history, its number rests for the pool's quarantine as when a workflow gives it back.
/// Refused while the line carries it, unless <c>force=true</c>.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>ipam_vlan_allocation.not_found</c> 404, <c>ipam_vlan_allocation.ended</c>, <c>ipam_vlan_allocation.in_use</c> 409.
/// <b>Effects:</b> audit entry <c>vlan.released</c>. The line itself is not changed, forced or not.
/// </remarks>
public static class ReleaseVlan
{
    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, bool Force);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete("/ipam/vlan-allocations/{id:guid}", Delete).WithName(nameof(ReleaseVlan));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        bool? force,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, force ?? false), ct)).ToNoContent();

    internal sealed class Handler(AddressBook book, Carrying carrying, AuditTrail audit) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (await book.FindVlanAsync(command.Id, ct) is not { } held)
            {
                return VlanAllocationErrors.NotFound;
            }

            if (held.EndedAt is not null)
            {
                return VlanAllocationErrors.Ended;
            }

            var isCarried = await carrying.CarriesAsync(held, ct);
            if (isCarried && !command.Force)
            {
                return VlanAllocationErrors.InUse;
            }

            if (!await book.ReleaseVlanAsync(held.Id, ct))
            {
                return VlanAllocationErrors.Ended;
            }

            audit.Note("vlan.released", "vlan_allocation", held.Id.ToString(), null, Words(held, isCarried));
            return Done.Instance;
        }

        private static string Words(VlanAllocationRow held, bool wasCarried) =>
            JsonSerializer.Serialize(
                new
                {
                    service_vlan = held.ServiceVlan,
                    inner_vlan = held.InnerVlan,
                    pool = held.Pool,
                    label = held.Label,
                    owner_id = held.OwnerId,
                    in_use = wasCarried,
                }
            );
    }
}
