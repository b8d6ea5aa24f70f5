using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>Whether addresses or prefixes are held, rest, or collide with others; takes nothing.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class CheckConflicts
{
    /// <param name="Addresses">1–1,000 addresses or networks.</param>
    /// <param name="VrfId">Null: the global table.</param>
    /// <param name="OwnerId">What this owner holds is no conflict.</param>
    public sealed record Body(IReadOnlyList<string>? Addresses = null, Guid? VrfId = null, Guid? OwnerId = null);

    [Requires("isp.ipam.read")]
    public sealed record Command(Body Fields);

    /// <param name="Holder">Who holds it, or a part of it, or what contains it; null when it is free.</param>
    public sealed record Checked(string Address, bool IsFree, AddressView? Holder);

    public sealed record View(bool HasConflicts, IReadOnlyList<Checked> Addresses);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/ipam/check-conflicts", Post).WithName(nameof(CheckConflicts));
        app.MapPost("/ip-management/check-conflicts", Post).WithName(nameof(CheckConflicts) + "IpManagement");
    }

    private static async Task<Results<Ok<View>, ProblemHttpResult>> Post(Body body, IHandle<Command, View> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(body), ct)).ToHttp();

    internal sealed class Handler(AddressBook book, Known known) : IHandle<Command, View>
    {
        public async Task<Result<View>> Handle(Command command, CancellationToken ct)
        {
            var given = command.Fields.Addresses ?? [];
            var faults = new Faults().Check(given.Count is > 0 and <= 1000, "addresses", "out_of_range", "From 1 to 1,000 addresses.");
            var networks = given.Take(1000).Select(Networks.Read).ToList();
            for (var i = 0; i < networks.Count; i++)
            {
                faults.Check(
                    networks[i] is not null,
                    $"addresses[{i}]",
                    "bad_format",
                    "An address, or a network without bits behind its length."
                );
            }

            await known.VrfAsync(faults, command.Fields.VrfId, ct);
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            var found = await book.ListAsync(
                """
                WHERE a.space = coalesce(@VrfId, current_tenant()) AND a.ended_at IS NULL AND (@OwnerId::uuid IS NULL OR a.owner_id IS DISTINCT FROM @OwnerId)
                    AND EXISTS (SELECT 1 FROM unnest(@given::cidr[]) AS g WHERE a.network && g)
                """,
                new
                {
                    command.Fields.VrfId,
                    command.Fields.OwnerId,
                    given = networks.Select(n => n!.Value.ToString()).ToArray(),
                },
                ct
            );
            var held = found.Select(f => (Network: Networks.Read(f.Network)!.Value, Row: f)).ToList();
            var answers = networks
                .Select(n =>
                {
                    var holder = held.Find(h => h.Network.Holds(n!.Value) || n.Value.Holds(h.Network)).Row;
                    return new Checked(n!.Value.ToString(), holder is null, holder is null ? null : AddressView.Of(holder));
                })
                .ToList();
            return new View(answers.Exists(a => !a.IsFree), answers);
        }
    }
}
