using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>What is free of a prefix: the largest blocks, or those of one length.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>ipam_prefix.not_found</c> 404.</remarks>
public static class ListAvailablePrefixes
{
    /// <param name="Length">Only networks of this length.</param>
    /// <param name="Limit">1–1,000; 100 when left out.</param>
    [Requires("isp.ipam.read")]
    public sealed record Command(Guid Id, int? Length = null, int? Limit = null);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Prefixes)
        {
            app.MapGet(route + "/{id:guid}/available-prefixes", Get).WithName(Aliases.Name(nameof(ListAvailablePrefixes), route));
        }
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, ProblemHttpResult>> Get(
        Guid id,
        int? length,
        int? limit,
        IHandle<Command, IReadOnlyList<string>> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, length, limit), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, IReadOnlyList<string>>
    {
        public async Task<Result<IReadOnlyList<string>>> Handle(Command command, CancellationToken ct)
        {
            if (await PrefixSpace.FindAsync(work, command.Id, ct) is not { } prefix)
            {
                return PrefixErrors.NotFound;
            }

            var faults = new Faults().Range(
                "length",
                command.Length,
                prefix.Network.PrefixLength,
                Networks.Bits(prefix.Network.BaseAddress)
            );
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var taken = await prefix.TakenAsync(work, ct);
            var free = command.Length is { } length
                ? FreeSpace.OfLength(prefix.Network, taken, length)
                : FreeSpace.Blocks(prefix.Network, taken);
            return free.Take(Math.Clamp(command.Limit ?? 100, 1, 1000)).Select(n => n.ToString()).ToList();
        }
    }
}
