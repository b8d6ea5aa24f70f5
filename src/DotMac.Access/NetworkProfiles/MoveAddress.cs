using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Activates, suspends or resumes a line's addresses. A suspended address stays the line's and is not sent to the NAS. Repeating it changes
/// nothing.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>subscriber.not_found</c>, <c>network_profile.not_found</c> 404, <c>address.transition_refused</c> 409,
/// <c>address.plan_refused</c> 409, <c>address.plan_unavailable</c> 503.
/// </remarks>
public static class MoveAddress
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key, AddressFamilyKind Family, AddressState From, AddressState To);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (family, word) in AddressRoutes.Families)
        {
            foreach (var move in AddressRoutes.Moves.Where(m => m.Family == family))
            {
                app.MapPost(
                        $"{ProfileKey.Route}/{word}/{move.Word}",
                        (string key, IHandle<Command, AddressStatusView> handler, CancellationToken ct) =>
                            Post(new Command(key, family, move.From, move.To), handler, ct)
                    )
                    .WithName($"{char.ToUpperInvariant(move.Word[0])}{move.Word[1..]}Address{family}");
            }
        }
    }

    private static async Task<Results<Ok<AddressStatusView>, ProblemHttpResult>> Post(
        Command command,
        IHandle<Command, AddressStatusView> handler,
        CancellationToken ct
    ) => (await handler.Handle(command, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, LineWriter lines, LineAddresses addresses) : IHandle<Command, AddressStatusView>
    {
        public async Task<Result<AddressStatusView>> Handle(Command command, CancellationToken ct)
        {
            if (await ProfileKey.FindAsync(work, lines, command.Key, ct) is not { } line)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var moved = await addresses.MoveAsync(line, command.Family, command.From, command.To, ct);
            return moved.Error is { } refusal ? refusal : await addresses.ShowAsync(moved.Value, command.Family, ct);
        }
    }
}
