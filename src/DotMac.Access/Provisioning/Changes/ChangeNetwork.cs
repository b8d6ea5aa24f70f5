using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Contracts.Network;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Changes;

/// <summary>Gives a line other VLANs, addresses, an ONU, a router, or another place: all that is named in one run, or nothing of it.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400 (of addresses and VLANs that others have: <c>network_profile.address_taken</c>,
/// <c>network_profile.vlan_taken</c>; of reservations: <c>ipam.reservation_unknown</c>, <c>ipam.reservation_other</c>,
/// <c>provision.pool_unfit</c>), <c>permission.missing</c> 403 (of what it names: the subscriber's line always, the ONU and the
/// router where they change), <c>subscriber.not_found</c> 404, <c>change.no_profile</c>, <c>change.not_in_service</c>,
/// <c>change.nothing</c>, <c>change.mode_unfit</c> and <c>address.pd_switched_off</c> 422, <c>run.subject_busy</c> 409 (not of one for later). <b>Effects:</b> a run <c>change_network</c>: the new is allocated before the old is given
/// back; what is online is told by CoA or signs on anew; when it ends <see cref="SubscriberNetworkChanged"/>.
/// </remarks>
public static class ChangeNetwork
{
    /// <param name="At">When; now unless told. Several may be ordered for later: they are made in the order of their times.</param>
    public sealed record Body(
        Vlan? Vlan = null,
        Address? Ipv4 = null,
        Address? Ipv6 = null,
        Address? DelegatedPrefix = null,
        string? OnuSerial = null,
        string? CpeMacAddress = null,
        Place? Place = null,
        DateTimeOffset? At = null
    );

    /// <summary>These VLANs, or the next free ones of a pool.</summary>
    /// <param name="Pool">Absent: the line's own, else the one of the defaults of plan and site, else the plan's.</param>
    /// <param name="Qinq">Absent: as the line is; with service_vlan, whether inner_vlan is given.</param>
    public sealed record Vlan(int? ServiceVlan = null, int? InnerVlan = null, string? Pool = null, bool? Qinq = null);

    /// <param name="Static">This address or prefix; null takes the next free one.</param>
    /// <param name="Pool">Absent: the line's own, else the one of the defaults of plan and site, else the pool that serves the site by default.</param>
    /// <param name="Length">Of a delegated prefix, 48 to 64. Absent: the line's, of a pool that is named the pool's.</param>
    /// <param name="Reservation">What the address plan keeps for this line under this id: it gets exactly that, and the reservation is used up.</param>
    public sealed record Address(string? Static = null, string? Pool = null, int? Length = null, Guid? Reservation = null);

    /// <summary>What is absent stays.</summary>
    public sealed record Place(
        string? ServiceAddress = null,
        double? Latitude = null,
        double? Longitude = null,
        Guid? SiteId = null,
        string? CircuitId = null,
        string? RemoteId = null
    );

    [Requires("isp.oss.configure")]
    public sealed record Command(string Key, Body Asked, Guid? JobId = null);

    public sealed record Response(Guid RunId, Guid SubscriberId, IReadOnlyList<string> Changes);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/change-network", Post).WithName(SubscriberKey.Name(nameof(ChangeNetwork), routeBase));
        }
    }

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> Post(
        string key,
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    )
    {
        var result = await handler.Handle(new Command(key, body), ct);
        return result.Error is { } error
            ? Problems.ToProblem(error)
            : TypedResults.Accepted(RunProgress.Location(result.Value.RunId), result.Value);
    }

    internal static Error? Forbidden(Body asked, Caller caller) =>
        Grants.Missing(caller, Grants.Radius, asked.OnuSerial is null ? null : Grants.Pon, asked.CpeMacAddress is null ? null : Grants.Cpe);

    internal sealed class Handler(
        AccessDb db,
        UnitOfWork work,
        ILineProfiles lines,
        NetworkConflicts conflicts,
        ISites sites,
        ITenantFlags flags,
        ISagaRuns runs,
        ServiceLog log,
        CurrentCaller caller,
        TimeProvider clock
    ) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var read = NetworkWishes.Read(command.Asked);
            if (read.Error is { } refusal)
            {
                return refusal;
            }

            if (Forbidden(command.Asked, caller.Value) is { } forbidden)
            {
                return forbidden;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var subscriber = await db.Subscribers.SingleAsync(s => s.Id == id, ct);
            if (!subscriber.Status.IsChangeable())
            {
                return ChangeErrors.NotInService(Words.Of(subscriber.Status));
            }

            if (await lines.FindAsync(id, ct) is not { } line)
            {
                return ChangeErrors.NoProfile;
            }

            var faults = new Faults();
            faults.Check(
                command.Asked.Place?.SiteId is not { } site || await sites.ExistsAsync(site, ct),
                "place.site_id",
                "not_found",
                "There is no such site."
            );
            var state = read.Value(id, subscriber.SubscriberNumber, Guid.CreateVersion7(clock.GetUtcNow()));
            if (state.Changed().Count == 0)
            {
                return ChangeErrors.NothingToChange;
            }

            if (WishFilling.Refusal(line.Facts, state.Addresses, await flags.ReadAsync(ct)) is { } unfit)
            {
                return unfit;
            }

            foreach (var fault in await conflicts.FindAsync(line.Facts, state, command.Asked, ct))
            {
                faults.Add(fault.Field, fault.Code, fault.Message);
            }

            if (faults.Error is { } error)
            {
                return error;
            }

            var run = await runs.StartAsync(
                NetworkSaga.Name,
                state,
                new RunOrder(id, subscriber.SubscriberNumber, command.JobId, command.Asked.At?.ToUniversalTime()),
                ct
            );
            if (run.Error is { } busy)
            {
                return busy;
            }

            if (await db.ServiceOfAsync(id, ct) is { } service)
            {
                var note = new ServiceNote(state.InWords(), run.Value);
                await log.AddAsync(service, ServiceEventType.ModificationRequested, service.Status, ct, note);
            }

            return new Response(run.Value, id, state.Changed());
        }
    }
}
