using System.Net;
using System.Text.Json;
using DotMac.Contracts.External;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>Takes an address or a prefix: the next free one of a pool, or a given one.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>ipam.pool_exhausted</c>, <c>ipam.address_taken</c>, <c>ipam.already_held</c>,
/// <c>ipam.pool_closed</c>, <c>ipam.pool_busy</c> 409, <c>ipam.pool_unknown</c> 422. <b>Effects:</b> audit entry <c>address.allocated</c>.
/// </remarks>
public static class AllocateIp
{
    /// <param name="Address">This one and no other; null takes the next free one of the pool.</param>
    /// <param name="Kind"><c>ipv4</c>, <c>ipv6</c> or <c>delegated_prefix</c>; read from the address when that is given.</param>
    /// <param name="Pool">Name of the pool; null takes the default one of the kind and site.</param>
    /// <param name="PrefixLength">Of a delegated prefix: 48–64.</param>
    /// <param name="VrfId">With a given address: where it is; null finds the pool or prefix that contains it.</param>
    /// <param name="OwnerId">The subscriber it is for; null for what belongs to the network itself.</param>
    /// <param name="Label">For people: who or what has it.</param>
    public sealed record Body(
        string? Address = null,
        string? Kind = null,
        string? Pool = null,
        int? PrefixLength = null,
        Guid? SiteId = null,
        Guid? VrfId = null,
        Guid? OwnerId = null,
        string? Label = null,
        string? DnsName = null,
        string? Description = null
    );

    [Requires("isp.ipam.write")]
    public sealed record Command(Body Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Addresses)
        {
            app.MapPost(route, Post).WithName(Aliases.Name(nameof(AllocateIp), route));
        }

        app.MapPost("/ipam/allocate", Post).WithName(nameof(AllocateIp) + "Next");
        app.MapPost("/netbox/ipam/allocate-ip", Post).WithName(nameof(AllocateIp) + "IpNetbox");
    }

    private static async Task<Results<Created<AddressView>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, AddressView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(v => $"/api/v1/ipam/ip-addresses/{v.Id}");

    internal sealed class Handler(Taking taking, Known known) : IHandle<Command, AddressView>
    {
        public async Task<Result<AddressView>> Handle(Command command, CancellationToken ct)
        {
            var body = command.Fields;
            var faults = new Faults();
            var read = Taking.Read(faults, body.Address, body.Kind, body.PrefixLength);
            Taking.Texts(faults, body.Label, body.DnsName, body.Description);
            await known.SiteAsync(faults, body.SiteId, ct);
            await known.VrfAsync(faults, body.VrfId, ct);
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            return await taking.TakeAsync(
                new Ask(
                    "",
                    body.OwnerId,
                    Filters.Clean(body.Label) ?? "",
                    read.Kind,
                    read.Wanted,
                    Filters.Clean(body.Pool),
                    body.PrefixLength,
                    body.SiteId,
                    body.OwnerId is null ? AllocationOrigin.Console
                        : read.Wanted is null ? AllocationOrigin.Pool
                        : AllocationOrigin.Static,
                    DnsName: Filters.Clean(body.DnsName),
                    Description: Filters.Clean(body.Description),
                    Space: body.VrfId
                ),
                "address.allocated",
                ct
            );
        }
    }
}

/// <summary>What every way for people to take something does: read what is meant, ask the allocator, write it down in the audit trail.</summary>
internal sealed class Taking(AddressBook book, UnitOfWork work, IpamMetrics metrics, AuditTrail audit)
{
    public static (AddressKind Kind, IPNetwork? Wanted) Read(Faults faults, string? address, string? kind, int? length)
    {
        var wanted = Filters.Clean(address) is { } text ? Networks.Read(text) : null;
        faults.Check(
            Filters.Clean(address) is null || wanted is not null,
            "address",
            "bad_format",
            "An address, or a prefix without bits behind its length."
        );
        var known = Words.Read<AddressKind>(Filters.Clean(kind)) ?? (wanted is { } network ? AddressRules.KindOf(network) : null);
        faults.Check(known is not null, "kind", kind is null ? "required" : "unknown", $"One of {Words.All<AddressKind>()}.");
        if (wanted is { } given && known is { } of && AddressRules.Unfit(of, given) is { } unfit)
        {
            faults.Add("address", "unfit", unfit);
        }

        faults.Range("prefix_length", length, AddressRules.ShortestDelegated, AddressRules.LongestDelegated);
        return (known ?? AddressKind.Ipv4, wanted);
    }

    public static void Texts(Faults faults, string? label, string? dnsName, string? description) =>
        faults.Text("label", label, 0, 100).Text("dns_name", dnsName, 0, 253).Text("description", description, 0, 500);

    /// <summary>An empty key gets one of its own: the request's Idempotency-Key is what makes a repetition harmless.</summary>
    public async Task<Result<AddressView>> TakeAsync(Ask ask, string action, CancellationToken ct)
    {
        var keyed = ask.Key.Length > 0 ? ask : ask with { Key = "api:" + Guid.CreateVersion7() };
        var (said, row) = await book.TakeAsync(keyed, ct);
        if (said.Outcome is not ("ok" or "known"))
        {
            return AddressErrors.Of(AddressRules.Fault(said, ask.Kind, ask.Wanted, ask.Pool, ask.PrefixLength));
        }

        metrics.Allocated(row!);
        Note(action, row!);
        return AddressView.Of(row!);
    }

    public void Note(string action, AllocationRow row) =>
        audit.Note(
            action,
            "address",
            row.Id.ToString(),
            null,
            JsonSerializer.Serialize(
                new
                {
                    address = row.Network,
                    tenant = work.TenantId,
                    label = row.Label,
                    owner_id = row.OwnerId,
                    pool = row.Pool,
                }
            )
        );
}
