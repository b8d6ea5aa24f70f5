using System.Net;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>Who has an address, and who had it: "who had 100.64.3.7 at 03:12?" A delegated prefix answers for every address in it.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class WhoHas
{
    /// <param name="Address">An address, or a network.</param>
    /// <param name="At">The moment asked about; now when left out.</param>
    [Requires("isp.ipam.read")]
    public sealed record Command(string? Address = null, DateTimeOffset? At = null);

    /// <param name="Holders">Who held it at that moment; one at most in each VRF.</param>
    /// <param name="History">Everybody who ever held it, latest first, at most 100.</param>
    public sealed record View(string Address, DateTimeOffset At, IReadOnlyList<AddressView> Holders, IReadOnlyList<AddressView> History);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/ipam/who-has", Get).WithName(nameof(WhoHas));

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, View> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(AddressBook book, TimeProvider clock) : IHandle<Command, View>
    {
        public async Task<Result<View>> Handle(Command command, CancellationToken ct)
        {
            if (Networks.Read(command.Address) is not { } network)
            {
                return new Faults().Add("address", command.Address is null ? "required" : "bad_format", "An address, or a network.").Error!;
            }

            var at = command.At ?? clock.GetUtcNow();
            var history = await book.ListAsync(
                "WHERE a.tenant_id = current_tenant() AND a.network = ANY (@around) ORDER BY a.allocated_at DESC, a.id DESC LIMIT 100",
                new { around = Around(network) },
                ct
            );
            var views = history.Select(AddressView.Of).ToList();
            return new View(
                network.ToString(),
                at,
                [.. views.Where(v => v.AllocatedAt <= at && (v.EndedAt is null || v.EndedAt > at))],
                views
            );
        }

        /// <summary>Itself and every network around it that somebody can hold: one look per length into the index (not with an array that is cast).</summary>
        private static IPNetwork[] Around(IPNetwork network)
        {
            var shortest = network.IsV4() ? 32 : AddressRules.ShortestDelegated;
            return
            [
                network,
                .. Enumerable
                    .Range(0, 128)
                    .Where(length => length >= shortest && length < network.PrefixLength)
                    .Select(length =>
                    {
                        var piece = System.Numerics.BigInteger.One << (Networks.Bits(network.BaseAddress) - length);
                        return new IPNetwork(Networks.Address(network.First() / piece * piece, network.IsV4()), length);
                    }),
            ];
        }
    }
}
