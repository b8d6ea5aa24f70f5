using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Allocates a line's addresses: IPv4 one address; IPv6 what its mode needs (an address or a prefix for the link, a delegated prefix). A static
/// address of the profile is told to the address plan; otherwise the next free one of the profile's pool is taken and written to the profile.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>subscriber.not_found</c>, <c>network_profile.not_found</c> 404, <c>address.transition_refused</c> 409,
/// <c>address.plan_refused</c> 409 (exhausted, taken, no such pool), <c>address.plan_unavailable</c> 503, <c>address.no_ipv6_mode</c>,
/// <c>address.pd_switched_off</c>, <c>address.plan_not_configured</c> 422, <c>network_profile.address_taken</c> 409.
/// </remarks>
public static class AllocateAddress
{
    [Requires("isp.ipam.write")]
    public sealed record Command(string Key, AddressFamilyKind Family);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (family, word) in AddressRoutes.Families)
        {
            app.MapPost(
                    $"{ProfileKey.Route}/{word}/allocate",
                    (string key, IHandle<Command, AddressStatusView> handler, CancellationToken ct) => Post(key, family, handler, ct)
                )
                .WithName(nameof(AllocateAddress) + family);
        }
    }

    private static async Task<Results<Ok<AddressStatusView>, ProblemHttpResult>> Post(
        string key,
        AddressFamilyKind family,
        IHandle<Command, AddressStatusView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, family), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, LineWriter lines, LineAddresses addresses) : IHandle<Command, AddressStatusView>
    {
        public async Task<Result<AddressStatusView>> Handle(Command command, CancellationToken ct)
        {
            if (await ProfileKey.FindAsync(work, lines, command.Key, ct) is not { } line)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (!line.IsSet)
            {
                return NetworkProfileErrors.NotFound;
            }

            var done = await addresses.AllocateAsync(line, command.Family, ct);
            return done.Error is { } refusal ? refusal : await addresses.ShowAsync(done.Value, command.Family, ct);
        }
    }
}
