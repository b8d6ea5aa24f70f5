using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>One allocation, live or former.</summary>
/// <remarks><b>Errors:</b> <c>ipam_address.not_found</c> 404.</remarks>
public static class GetAddress
{
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Addresses.Concat(Aliases.Reservations))
        {
            app.MapGet(route + "/{id:guid}", Get)
                .WithName(Aliases.Name(route.Contains("reserv", StringComparison.Ordinal) ? "GetReservation" : nameof(GetAddress), route));
        }
    }

    private static async Task<Results<Ok<AddressView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, AddressView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(AddressBook book) : IHandle<Command, AddressView>
    {
        public async Task<Result<AddressView>> Handle(Command command, CancellationToken ct) =>
            await book.FindAsync(command.Id, ct) is { } row ? AddressView.Of(row) : AddressErrors.NotFound;
    }
}
