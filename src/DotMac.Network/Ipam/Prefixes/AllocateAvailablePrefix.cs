using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>Adds the lowest free prefix of a length inside a container.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>ipam_prefix.not_found</c> 404, <c>ipam_prefix.full</c>, <c>ipam_prefix.overlaps</c> 409.
/// </remarks>
public static class AllocateAvailablePrefix
{
    /// <param name="PrefixLength">Of the new prefix; longer than its container's.</param>
    public sealed record Body(
        int? PrefixLength = null,
        Guid? SiteId = null,
        Guid? VlanId = null,
        string? Status = null,
        string? Role = null,
        bool? IsPool = null,
        string? Description = null
    );

    [Requires("isp.ipam.write")]
    public sealed record Command(Guid Id, Body Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Prefixes)
        {
            app.MapPost(route + "/{id:guid}/available-prefixes", Post).WithName(Aliases.Name(nameof(AllocateAvailablePrefix), route));
        }
    }

    private static async Task<Results<Created<PrefixView>, ProblemHttpResult>> Post(
        Guid id,
        Body body,
        IHandle<Command, PrefixView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, body), ct)).ToCreated(v => $"/api/v1/ipam/prefixes/{v.Id}");

    internal sealed class Handler(UnitOfWork work, Register<Prefix, PrefixFields, PrefixView> register) : IHandle<Command, PrefixView>
    {
        public async Task<Result<PrefixView>> Handle(Command command, CancellationToken ct)
        {
            if (await PrefixSpace.FindAsync(work, command.Id, ct) is not { } prefix)
            {
                return PrefixErrors.NotFound;
            }

            var body = command.Fields;
            var faults = new Faults()
                .Check(body.PrefixLength is not null, "prefix_length", "required", "This must be given.")
                .Range("prefix_length", body.PrefixLength, prefix.Network.PrefixLength + 1, Networks.Bits(prefix.Network.BaseAddress));
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            await prefix.LockAsync(work, ct);
            var free = FreeSpace.OfLength(prefix.Network, await prefix.TakenAsync(work, ct), body.PrefixLength!.Value);
            foreach (var network in free.Take(1))
            {
                var fields = new PrefixFields(
                    network.ToString(),
                    prefix.VrfId,
                    body.SiteId,
                    body.VlanId,
                    body.Status,
                    body.Role,
                    body.IsPool,
                    body.Description
                );
                return await register.CreateAsync(fields, ct);
            }

            return PrefixErrors.Full;
        }
    }
}
