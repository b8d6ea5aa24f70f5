using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Addresses;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Reservations;

/// <summary>
/// Keeps an address or prefix for somebody until a time: when it comes for the same owner before then, he gets it; else a worker gives it back.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400 and those of allocating. <b>Effects:</b> audit entry <c>address.reserved</c>.
/// </remarks>
public static class CreateReservation
{
    /// <param name="Address">This one and no other; null takes the next free one of the pool.</param>
    /// <param name="Kind"><c>ipv4</c>, <c>ipv6</c> or <c>delegated_prefix</c>; read from the address when that is given.</param>
    /// <param name="ExpiresAt">When it is given back; in a day when left out, in a year at most.</param>
    public sealed record Body(
        string? Address = null,
        string? Kind = null,
        string? Pool = null,
        int? PrefixLength = null,
        Guid? SiteId = null,
        Guid? VrfId = null,
        Guid? OwnerId = null,
        string? Label = null,
        string? Description = null,
        DateTimeOffset? ExpiresAt = null
    );

    [Requires("isp.ipam.write")]
    public sealed record Command(Body Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Reservations)
        {
            app.MapPost(route, Post).WithName(Aliases.Name(nameof(CreateReservation), route));
            app.MapPost(route + "/auto-assign", Post).WithName(Aliases.Name("AutoAssignReservation", route));
        }
    }

    private static async Task<Results<Created<AddressView>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, AddressView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/reservations/{v.Id}");

    internal sealed class Handler(Taking taking, Known known, TimeProvider clock) : IHandle<Command, AddressView>
    {
        public async Task<Result<AddressView>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Fields;
            var now = clock.GetUtcNow();
            var expires = body.ExpiresAt ?? now.AddDays(1);
            var faults = new Faults();
            var read = Taking.Read(faults, body.Address, body.Kind, body.PrefixLength);
            Taking.Texts(faults, body.Label, null, body.Description);
            faults.Check(expires > now && expires <= now.AddDays(366), "expires_at", "out_of_range", "In the future, in a year at most.");
            faults.Check(
                body.OwnerId is not null || Filters.Clean(body.Label) is not null,
                "label",
                "required",
                "Say for whom it is kept."
            );
            await known.SiteAsync(faults, body.SiteId, ct);
            await known.VrfAsync(faults, body.VrfId, ct);
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            return await taking.TakeAsync(
                new Ask(
                    "",
                    body.OwnerId,
                    Filters.Clean(body.Label) ?? "",
                    read.Kind,
                    read.Wanted,
                    Filters.Clean(body.Pool),
                    body.PrefixLength,
                    body.SiteId,
                    AllocationOrigin.Reservation,
                    expires,
                    Description: Filters.Clean(body.Description),
                    Space: body.VrfId
                ),
                "address.reserved",
                ct
            );
        }
    }
}
