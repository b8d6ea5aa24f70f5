using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>
/// Gives an allocation back: its row stays for the history, its address rests for the pool's quarantine when it was in use.
/// Refused while a line carries it, unless <c>force=true</c>.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>ipam_address.not_found</c> 404, <c>ipam_address.ended</c>, <c>ipam_address.in_use</c> 409. <b>Effects:</b> audit entry
/// <c>address.released</c>. The line itself is not changed, forced or not.
/// </remarks>
public static class ReleaseAddress
{
    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, bool Force = false);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Addresses.Concat(Aliases.Reservations))
        {
            app.MapDelete(route + "/{id:guid}", Delete)
                .WithName(
                    Aliases.Name(route.Contains("reserv", StringComparison.Ordinal) ? "ReleaseReservation" : nameof(ReleaseAddress), route)
                );
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        bool? force,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, force ?? false), ct)).ToNoContent();

    internal sealed class Handler(AddressBook book, Carrying carrying, Taking taking) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var row = await book.FindAsync(command.Id, ct);
            if (row is null)
            {
                return AddressErrors.NotFound;
            }

            if (row.EndedAt is null && !command.Force && await carrying.CarriesAsync(row, ct))
            {
                return AddressErrors.InUse;
            }

            if (!await book.ReleaseAsync(row.Id, ct))
            {
                return AddressErrors.Ended;
            }

            taking.Note("address.released", row);
            return Done.Instance;
        }
    }
}
