using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Takes a line's addresses away for good: the address plan gets back what it holds for the line, the profile loses them.</summary>
/// <remarks>
/// <b>Errors:</b> <c>subscriber.not_found</c>, <c>network_profile.not_found</c> 404, <c>address.transition_refused</c> 409,
/// <c>address.plan_refused</c> 409 and <c>address.plan_unavailable</c> 503 (the state stays revoking; ask again).
/// </remarks>
public static class RevokeAddress
{
    [Requires("isp.ipam.write")]
    public sealed record Command(string Key, AddressFamilyKind Family);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (family, word) in AddressRoutes.Families)
        {
            app.MapPost(
                    $"{ProfileKey.Route}/{word}/revoke",
                    (string key, IHandle<Command, AddressStatusView> handler, CancellationToken ct) => Post(key, family, handler, ct)
                )
                .WithName(nameof(RevokeAddress) + family);
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

            var done = await addresses.RevokeAsync(line, command.Family, ct);
            return done.Error is { } refusal ? refusal : await addresses.ShowAsync(done.Value, command.Family, ct);
        }
    }
}
