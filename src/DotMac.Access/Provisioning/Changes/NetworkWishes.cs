using System.Net;
using DotMac.Contracts.External;
using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Changes;

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
                asked.OnuSerial is null || OnuSerial.IsWell(Serial(asked.OnuSerial)),
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
            ? new VlanWish(Input.Clean(v.Pool), v.ServiceVlan, v.InnerVlan, v.Qinq ?? (v.InnerVlan is null ? null : true))
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
                    OnuSerial = asked.OnuSerial is { } serial ? Serial(serial) : null,
                    CpeMacAddress = asked.CpeMacAddress is { } mac ? MacAddress.Of(mac) : null,
                    Place = place,
                }
        );
    }

    /// <summary>The field of the order for one of the line.</summary>
    public static string FieldOf(string field, ChangeNetwork.Body asked) =>
        field switch
        {
            "static_ipv4" => AddressField(AddressKind.Ipv4, asked.Ipv4),
            "static_ipv6" or "ipv6_prefix" => AddressField(AddressKind.Ipv6, asked.Ipv6),
            "delegated_ipv6_prefix" => AddressField(AddressKind.DelegatedPrefix, asked.DelegatedPrefix),
            _ when asked.Vlan is null => "place.site_id",
            _ => "vlan.service_vlan",
        };

    /// <summary>The field of the order that names a reservation.</summary>
    public static string ReservationField(AddressKind kind) => Words.Of(kind) + ".reservation";

    private static string AddressField(AddressKind kind, ChangeNetwork.Address? asked) =>
        asked is { Reservation: not null, Static: null } ? ReservationField(kind) : Words.Of(kind) + ".static";

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

        faults.Check(
            asked.Reservation is null || (Input.Clean(asked.Pool) is null && asked.Length is null),
            field + ".reservation",
            "with_pool",
            "What is reserved is taken as it is: name no pool and no length beside it."
        );
        wishes.Add(new AddressWish(kind, wanted, Input.Clean(asked.Pool), asked.Length, asked.Reservation));
    }

    private static string? Id(Faults faults, string field, string? text, bool remote)
    {
        var clean = Input.Clean(text);
        var id = clean is null ? null : LineId.OfTyped(clean, remote);
        faults.Check(clean is null || id is { Length: > 0 }, field, "bad_format", "Printable ASCII, or octets as 0x…; at most 253 octets.");
        return id;
    }

    private static string Serial(string text) => text.Trim().ToUpperInvariant();
}
