using System.Net;
using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Contracts.Network;
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
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>permission.missing</c> 403 (of what it names: the subscriber's line always, the ONU and the
/// router where they change), <c>subscriber.not_found</c> 404, <c>change.no_profile</c>, <c>change.not_in_service</c>,
/// <c>change.nothing</c> and <c>run.subject_busy</c> 409 (not of one for later). <b>Effects:</b> a run <c>change_network</c>: the new is allocated before the old is given
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
    public sealed record Vlan(int? ServiceVlan = null, int? InnerVlan = null, string? Pool = null, bool? Qinq = null);

    /// <param name="Static">This address or prefix; null takes the next free one.</param>
    /// <param name="Pool">Null: the pool that serves the site by default.</param>
    /// <param name="Length">Of a delegated prefix, 48 to 64.</param>
    public sealed record Address(string? Static = null, string? Pool = null, int? Length = null);

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
        ISites sites,
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

            if (command.Asked.Place?.SiteId is { } site && !await sites.ExistsAsync(site, ct))
            {
                return new Faults().Add("place.site_id", "not_found", "There is no such site.").Error!;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return ChangeErrors.SubscriberNotFound;
            }

            var subscriber = await db.Subscribers.SingleAsync(s => s.Id == id, ct);
            if (!subscriber.Status.IsChangeable())
            {
                return ChangeErrors.NotInService(Words.Of(subscriber.Status));
            }

            if (await lines.FindAsync(id, ct) is null)
            {
                return ChangeErrors.NoProfile;
            }

            var state = read.Value(id, subscriber.SubscriberNumber, Guid.CreateVersion7(clock.GetUtcNow()));
            if (state.Changed().Count == 0)
            {
                return ChangeErrors.NothingToChange;
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
                var note = new ServiceNote(string.Join(", ", state.Changed()), run.Value);
                await log.AddAsync(service, ServiceEventType.ModificationRequested, service.Status, ct, note);
            }

            return new Response(run.Value, id, state.Changed());
        }
    }
}

/// <summary>Reads what is asked of a line: all faults at once, or what the run is to begin with.</summary>
internal static class NetworkWishes
{
    public static Result<Func<Guid, string, Guid, NetworkChange>> Read(ChangeNetwork.Body asked)
    {
        var faults = new Faults()
            .Range("vlan.service_vlan", asked.Vlan?.ServiceVlan, 1, 4094)
            .Range("vlan.inner_vlan", asked.Vlan?.InnerVlan, 1, 4094)
            .Check(
                asked.Vlan?.InnerVlan is null || asked.Vlan.ServiceVlan is not null || asked.Vlan.Pool is not null,
                "vlan.inner_vlan",
                "without_vlan",
                "An inner VLAN needs an outer one."
            )
            .Range("delegated_prefix.length", asked.DelegatedPrefix?.Length, 48, 64)
            .Check(
                asked.OnuSerial is null || IsSerial(asked.OnuSerial),
                "onu_serial",
                "bad_format",
                "Four letters and eight hexadecimal digits."
            )
            .Check(
                asked.CpeMacAddress is null || MacAddress.Of(asked.CpeMacAddress) is not null,
                "cpe_mac_address",
                "bad_format",
                "Give a MAC address such as 02:00:5e:10:00:01."
            )
            .Text("place.service_address", asked.Place?.ServiceAddress, 0, 500)
            .Check(asked.Place?.Latitude is null or (>= -90 and <= 90), "place.latitude", "out_of_range", "From -90 to 90.")
            .Check(asked.Place?.Longitude is null or (>= -180 and <= 180), "place.longitude", "out_of_range", "From -180 to 180.");
        var addresses = new List<AddressWish>();
        Add(faults, addresses, "ipv4", asked.Ipv4, AddressKind.Ipv4, 32, 32);
        Add(faults, addresses, "ipv6", asked.Ipv6, AddressKind.Ipv6, 64, 128);
        Add(faults, addresses, "delegated_prefix", asked.DelegatedPrefix, AddressKind.DelegatedPrefix, 48, 64);
        var circuit = Id(faults, "place.circuit_id", asked.Place?.CircuitId, remote: false);
        var remote = Id(faults, "place.remote_id", asked.Place?.RemoteId, remote: true);
        if (faults.Error is { } error)
        {
            return error;
        }

        var vlan = asked.Vlan is { } v
            ? new VlanWish(Input.Clean(v.Pool), v.ServiceVlan, v.InnerVlan, v.Qinq ?? v.InnerVlan is not null)
            : null;
        var place = asked.Place is { } p
            ? new PlaceWish(Input.Clean(p.ServiceAddress), p.Latitude, p.Longitude, p.SiteId, circuit, remote)
            : null;
        return (Func<Guid, string, Guid, NetworkChange>)(
            (subscriber, number, holder) =>
                new NetworkChange
                {
                    SubscriberId = subscriber,
                    Number = number,
                    Holder = holder,
                    Addresses = addresses,
                    Vlan = vlan,
                    OnuSerial = asked.OnuSerial?.Trim().ToUpperInvariant(),
                    CpeMacAddress = asked.CpeMacAddress is { } mac ? MacAddress.Of(mac) : null,
                    Place = place,
                }
        );
    }

    private static void Add(
        Faults faults,
        List<AddressWish> wishes,
        string field,
        ChangeNetwork.Address? asked,
        AddressKind kind,
        int least,
        int most
    )
    {
        if (asked is null)
        {
            return;
        }

        IPNetwork? wanted = null;
        if (Input.Clean(asked.Static) is { } text)
        {
            var whole = text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/{(kind == AddressKind.Ipv4 ? 32 : 128)}";
            var isRead = IPNetwork.TryParse(whole, out var network);
            var isV4 = network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
            var isFit = isRead && isV4 == (kind == AddressKind.Ipv4) && network.PrefixLength >= least && network.PrefixLength <= most;
            faults.Check(isFit, field + ".static", "bad_address", "An address or prefix of this kind.");
            wanted = isFit ? network : null;
        }

        wishes.Add(new AddressWish(kind, wanted, Input.Clean(asked.Pool), asked.Length));
    }

    private static string? Id(Faults faults, string field, string? text, bool remote)
    {
        var clean = Input.Clean(text);
        var id = clean is null ? null : LineId.OfTyped(clean, remote);
        faults.Check(clean is null || id is { Length: > 0 }, field, "bad_format", "Printable ASCII, or octets as 0x…; at most 253 octets.");
        return id;
    }

    private static bool IsSerial(string text)
    {
        var serial = text.Trim();
        return serial.Length == 12 && serial[..4].All(char.IsAsciiLetter) && serial[4..].All(char.IsAsciiHexDigit);
    }
}
