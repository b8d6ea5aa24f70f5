using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Where a line's IPv4 or IPv6 addresses are in their life, and what the address plan holds for it.</summary>
/// <remarks><b>Errors:</b> <c>subscriber.not_found</c> 404, <c>network_profile.not_found</c> 404.</remarks>
public static class GetAddressStatus
{
    [Requires("isp.radius.read")]
    public sealed record Command(string Key, AddressFamilyKind Family);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (family, word) in AddressRoutes.Families)
        {
            app.MapGet(
                    $"{ProfileKey.Route}/{word}/status",
                    (string key, IHandle<Command, AddressStatusView> handler, CancellationToken ct) => Get(key, family, handler, ct)
                )
                .WithName(nameof(GetAddressStatus) + family);
        }
    }

    private static async Task<Results<Ok<AddressStatusView>, ProblemHttpResult>> Get(
        string key,
        AddressFamilyKind family,
        IHandle<Command, AddressStatusView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, family), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, LineWriter lines, LineAddresses addresses) : IHandle<Command, AddressStatusView>
    {
        public async Task<Result<AddressStatusView>> Handle(Command command, CancellationToken ct) =>
            await ProfileKey.FindAsync(work, lines, command.Key, ct) is not { } line ? AccessErrors.SubscriberNotFound
            : line.IsSet ? await addresses.ShowAsync(line, command.Family, ct)
            : NetworkProfileErrors.NotFound;
    }
}
