using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>Free addresses of a prefix, lowest first; network and broadcast address are left out unless the prefix is a pool.</summary>
/// <remarks><b>Errors:</b> <c>ipam_prefix.not_found</c> 404.</remarks>
public static class ListAvailableIps
{
    /// <param name="Limit">1–100; 10 when left out.</param>
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id, int? Limit = null);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Prefixes)
        {
            app.MapGet(route + "/{id:guid}/available-ips", Get).WithName(Aliases.Name(nameof(ListAvailableIps), route));
        }
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, ProblemHttpResult>> Get(
        Guid id,
        int? limit,
        IHandle<Command, IReadOnlyList<string>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, limit), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, IReadOnlyList<string>>
    {
        public async Task<Result<IReadOnlyList<string>>> Handle(Command command, CancellationToken ct) =>
            await PrefixSpace.FindAsync(work, command.Id, ct) is { } prefix
                ? await prefix.FreeAddressesAsync(work, Math.Clamp(command.Limit ?? 10, 1, 100), ct)
                : PrefixErrors.NotFound;
    }
}
