using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Takes a subscriber's network profile away, and its facts from the line; the audit trail keeps the last ones. The login stays.</summary>
/// <remarks>
/// <b>Errors:</b> <c>subscriber.not_found</c> 404, <c>network_profile.not_found</c> 404, <c>network_profile.changed</c> 412,
/// <c>network_profile.holds_addresses</c> 409 (allocated by the address plan: revoke them first, so that none is lost).
/// </remarks>
public static class DeleteNetworkProfile
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapDelete(ProfileKey.Route + "/profile", Delete).WithName(nameof(DeleteNetworkProfile));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string key,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(UnitOfWork work, LineWriter lines) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (await ProfileKey.FindAsync(work, lines, command.Key, ct) is not { } line)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (!line.IsSet)
            {
                return NetworkProfileErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != line.Version)
            {
                return NetworkProfileErrors.Changed;
            }

            return line.HoldsAddresses ? NetworkProfileErrors.HoldsAddresses
                : await lines.DeleteAsync(line, ct) is { } error ? error
                : Done.Instance;
        }
    }
}
