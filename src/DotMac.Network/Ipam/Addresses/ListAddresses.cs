using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using DotMac.Network.Ipam.Registry;
using DotMac.Network.Ipam.Reservations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Network.Ipam.Addresses;

/// <summary>Allocations in the order of their addresses: those that live, or with <c>ended=true</c> the former ones too.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400.</remarks>
public static class ListAddresses
{
    /// <param name="Q">Looks into label, address, DNS name and description.</param>
    /// <param name="Within">A network: what lies within it.</param>
    /// <param name="ForOwner">What this one has or nobody has: of reservations, those that it can use. All zeros: what nobody has.</param>
    /// <param name="VrfId">Those in this VRF.</param>
    /// <param name="Global">Only those in the global table; <c>false</c>: only those in a VRF.</param>
    /// <param name="Kind"><c>ipv4</c>, <c>ipv6</c> or <c>delegated_prefix</c>.</param>
    /// <param name="State">A state of the address's life.</param>
    /// <param name="Reserved">Only reservations, or only what is none.</param>
    /// <param name="Ended">Also what was given back.</param>
    /// <param name="Sort">address or allocated_at, of reservations also expires_at; with - before it from the end.</param>
    [Requires("isp.ipam.read")]
    public sealed record Command(
        string? Q = null,
        string? Within = null,
        [property: FromQuery(Name = "pool_id")] Guid? PoolId = null,
        [property: FromQuery(Name = "owner_id")] Guid? OwnerId = null,
        [property: FromQuery(Name = "for_owner")] Guid? ForOwner = null,
        [property: FromQuery(Name = "vrf_id")] Guid? VrfId = null,
        bool? Global = null,
        string? Kind = null,
        string? State = null,
        bool? Reserved = null,
        bool? Ended = null,
        int? Limit = null,
        string? Cursor = null,
        bool? Count = null,
        string? Sort = null
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var route in Aliases.Addresses)
        {
            app.MapGet(route, Get).WithName(Aliases.Name(nameof(ListAddresses), route));
        }

        ListReservations.Map(app);
    }

    private static async Task<Results<Ok<Page<AddressView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<AddressView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<AddressView>>
    {
        private static readonly Listing Addresses = new(
            AllocationRow.Select,
            "a.id",
            "address",
            new("address", "a.network", SortType.Network),
            new("allocated_at", "a.allocated_at", SortType.Time)
        );

        /// <summary>Reservations are few enough to sort by what has no index.</summary>
        private static readonly Listing Reservations = Addresses with
        {
            Keys = [.. Addresses.Keys, new("expires_at", "a.expires_at", SortType.Time, Sparse: true)],
        };

        private const string Where = """
            WHERE a.tenant_id = current_tenant()
                AND (@ended OR a.ended_at IS NULL)
                AND (@pattern::text IS NULL
                    OR lower(a.label || ' ' || a.network || ' ' || coalesce(a.dns_name, '') || ' ' || coalesce(a.description, '')) LIKE @pattern)
                AND (@within::cidr IS NULL OR a.network <<= @within::cidr)
                AND (@PoolId::uuid IS NULL OR a.pool_id = @PoolId)
                AND (@OwnerId::uuid IS NULL OR a.owner_id = @OwnerId)
                AND (@ForOwner::uuid IS NULL OR a.owner_id IS NULL OR a.owner_id = @ForOwner)
                AND (@VrfId::uuid IS NULL OR a.space = @VrfId)
                AND (@Global::boolean IS NULL OR (a.space = a.tenant_id) = @Global)
                AND (@kind::smallint IS NULL OR a.kind = @kind)
                AND (@state::smallint IS NULL OR a.state = @state)
                AND (@Reserved::boolean IS NULL OR (a.origin = 2) = @Reserved)
            """;

        public async Task<Result<Page<AddressView>>> Handle(Command command, CancellationToken ct)
        {
            var within = Networks.Read(command.Within);
            var kind = Words.Read<AddressKind>(command.Kind);
            var state = Words.Read<AddressState>(command.State);
            var faults = new Faults()
                .Check(command.Within is null || within is not null, "within", "bad_format", "A network is meant.")
                .Check(command.Kind is null || kind is not null, "kind", "unknown", $"One of {Words.All<AddressKind>()}.")
                .Check(command.State is null || state is not null, "state", "unknown", $"One of {Words.All<AddressState>()}.");
            var listing = command.Reserved is true ? Reservations : Addresses;
            if (listing.Check(faults, command.Sort).Error is { } refusal)
            {
                return refusal;
            }

            var values = new DynamicParameters(
                new
                {
                    pattern = Filters.Contains(command.Q),
                    within = within?.ToString(),
                    command.PoolId,
                    command.OwnerId,
                    command.ForOwner,
                    command.VrfId,
                    command.Global,
                    kind = (short?)kind,
                    state = (short?)state,
                    command.Reserved,
                    ended = command.Ended ?? false,
                }
            );
            return await listing.ReadAsync<AllocationRow, AddressView>(
                work,
                Where,
                values,
                new Asked(command.Sort, command.Limit, command.Cursor, command.Count),
                AddressView.Of,
                ct
            );
        }
    }
}
