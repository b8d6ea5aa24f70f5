using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Addresses;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Reservations;

/// <summary>What is kept for somebody and not used yet: the list of addresses with <c>reserved=true</c>, under its own name.</summary>
internal static class ListReservations
{
    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Reservations)
        {
            app.MapGet(route, Get).WithName(Aliases.Name(nameof(ListReservations), route));
        }

        app.MapGet("/ip-management/subscribers/{ownerId:guid}/reservations", OfOwnerAsync).WithName("ListSubscriberReservations");
    }

    private static async Task<Results<Ok<Page<AddressView>>, ProblemHttpResult>> Get(
        [AsParameters] ListAddresses.Command query,
        IHandle<ListAddresses.Command, Page<AddressView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query with { Reserved = true }, ct)).ToHttp();

    private static async Task<Results<Ok<Page<AddressView>>, ProblemHttpResult>> OfOwnerAsync(
        Guid ownerId,
        IHandle<ListAddresses.Command, Page<AddressView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new ListAddresses.Command(OwnerId: ownerId), ct)).ToHttp();
}
