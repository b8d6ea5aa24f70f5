using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Addresses;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>Takes the lowest free address of a prefix, for what belongs to the network itself or for a subscriber.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>ipam_prefix.not_found</c> 404, <c>ipam_prefix.full</c> 409, those of allocating. <b>Effects:</b>
/// audit entry <c>address.allocated</c>.
/// </remarks>
public static class AllocateAvailableIp
{
    public sealed record Body(Guid? OwnerId = null, string? Label = null, string? DnsName = null, string? Description = null);

    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, Body Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Prefixes)
        {
            app.MapPost(route + "/{id:guid}/available-ips", Post).WithName(Aliases.Name(nameof(AllocateAvailableIp), route));
        }
    }

    private static async Task<Results<Created<AddressView>, ProblemHttpResult>> Post(
        Guid id,
        Body body,
        IHandle<Command, AddressView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body), ct)).ToCreated(v => $"/api/v1/ipam/ip-addresses/{v.Id}");

    internal sealed class Handler(UnitOfWork work, Taking taking) : IHandle<Command, AddressView>
    {
        public async Task<Result<AddressView>> Handle(Command command, CancellationToken ct)
        {
            var faults = new Faults();
            var body = command.Fields;
            Taking.Texts(faults, body.Label, body.DnsName, body.Description);
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            if (await PrefixSpace.FindAsync(work, command.Id, ct) is not { } prefix)
            {
                return PrefixErrors.NotFound;
            }

            await prefix.LockAsync(work, ct);
            foreach (var free in await prefix.FreeAddressesAsync(work, 16, ct))
            {
                var network = Networks.Read(free)!.Value;
                var taken = await taking.TakeAsync(
                    new Ask(
                        "",
                        body.OwnerId,
                        Filters.Clean(body.Label) ?? "",
                        prefix.Network.IsV4() ? AddressKind.Ipv4 : AddressKind.Ipv6,
                        network,
                        null,
                        null,
                        null,
                        body.OwnerId is null ? AllocationOrigin.Console : AllocationOrigin.Static,
                        DnsName: Filters.Clean(body.DnsName),
                        Description: Filters.Clean(body.Description),
                        Space: prefix.Space
                    ),
                    "address.allocated",
                    ct
                );
                // A subscriber may have got it from a pool in the meantime: then the next one.
                if (taken.Error is null || taken.Error.Code != AddressErrors.Taken.Code)
                {
                    return taken;
                }
            }

            return PrefixErrors.Full;
        }
    }
}
