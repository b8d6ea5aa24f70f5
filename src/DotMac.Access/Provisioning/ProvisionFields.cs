using System.Text;
using DotMac.Access.NetworkProfiles;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning;

/// <summary>An order: who, on which plan, over which line, with which devices. Timeouts and intervals in seconds.</summary>
/// <param name="Username">1 to 253 characters: letters, digits and . _ - @ : / + %; kept in lower case.</param>
/// <param name="Password">6 to 128 octets; made when absent, and revealed to whom may see it.</param>
/// <param name="PlanId">A bandwidth profile, until offers exist.</param>
/// <param name="SubscriberNumber">Given by the platform when absent.</param>
/// <param name="CustomerId">Kept with the service as it is given, and not checked: customers are not kept here yet.</param>
/// <param name="ServiceType">fiber_internet when absent.</param>
/// <param name="ServiceLatitude">Degrees, WGS 84; so the longitude: both or neither.</param>
/// <param name="NetworkProfile">The line. What is absent comes from the defaults of plan and site.</param>
/// <param name="OnuSerial">Four letters and eight hexadecimal digits (ITU-T G.984.3): ALCL12345678.</param>
/// <param name="CpeMacAddress">Of the customer's router.</param>
/// <param name="SimultaneousUse">Sessions allowed at once, 1 unless told; 0 is any number.</param>
/// <param name="Reservations">What is kept for this line in the address plan: it gets exactly that, and the reservation is used up.</param>
public sealed record ProvisionFields(
    string? Username = null,
    string? Password = null,
    Guid? PlanId = null,
    string? FullName = null,
    string? SubscriberNumber = null,
    Guid? CustomerId = null,
    Guid? UserId = null,
    string? ServiceType = null,
    string? ServiceAddress = null,
    double? ServiceLatitude = null,
    double? ServiceLongitude = null,
    NetworkProfileFields? NetworkProfile = null,
    string? OnuSerial = null,
    string? CpeMacAddress = null,
    WifiFields? Wifi = null,
    int? SimultaneousUse = null,
    int? SessionTimeout = null,
    int? IdleTimeout = null,
    int? AcctInterimInterval = null,
    string? FilterId = null,
    string? Notes = null,
    ReservationFields? Reservations = null
)
{
    internal ProvisionFields Cleaned() =>
        this with
        {
            Username = Input.Clean(Username)?.ToLowerInvariant(),
            FullName = Input.Clean(FullName),
            SubscriberNumber = Input.Clean(SubscriberNumber),
            ServiceType = Input.Clean(ServiceType) ?? Words.Of(Contracts.Access.ServiceType.FiberInternet),
            ServiceAddress = Input.Clean(ServiceAddress),
            NetworkProfile = NetworkProfile ?? new NetworkProfileFields(),
            OnuSerial = Input.Clean(OnuSerial)?.ToUpperInvariant(),
            CpeMacAddress = Input.Clean(CpeMacAddress) is { } mac ? MacAddress.Of(mac) ?? mac : null,
            FilterId = Input.Clean(FilterId),
            Notes = Input.Clean(Notes),
        };

    /// <summary>Adds every fault that can be seen without asking anybody. Of cleaned fields.</summary>
    internal void Check(Faults faults)
    {
        var login = new SubscriberFields(
            Username,
            Password,
            FullName,
            SubscriberNumber,
            SessionTimeout: SessionTimeout,
            IdleTimeout: IdleTimeout,
            SimultaneousUse: SimultaneousUse,
            AcctInterimInterval: AcctInterimInterval,
            FilterId: FilterId,
            Notes: Notes
        );
        foreach (var fault in login.Cleaned().Read(passwordNeeded: false).Error?.Faults ?? [])
        {
            faults.Add(fault.Field, fault.Code, fault.Message);
        }

        faults
            .Check(PlanId is not null, "plan_id", "required", "This must be given.")
            .Check(Words.Read<ServiceType>(ServiceType) is not null, "service_type", "unknown", $"One of {Words.All<ServiceType>()}.");
        ServicePlace.Check(faults, ServiceAddress, ServiceLatitude, ServiceLongitude);
        faults
            .Check(
                OnuSerial is null || Contracts.External.OnuSerial.IsWell(OnuSerial),
                "onu_serial",
                "bad_format",
                "Four letters and eight hexadecimal digits, such as ALCL12345678."
            )
            .Check(
                CpeMacAddress is null || MacAddress.Of(CpeMacAddress) is not null,
                "cpe_mac_address",
                "bad_format",
                "Give a MAC address such as 02:00:5e:10:00:01."
            );
        if (Wifi is { } wifi)
        {
            var ssid = Encoding.UTF8.GetByteCount(wifi.Ssid ?? "");
            faults
                .Check(ssid is >= 1 and <= 32, "wifi.ssid", "bad_length", "1 to 32 octets.")
                .Check(wifi.Passphrase is { Length: >= 8 and <= 63 }, "wifi.passphrase", "bad_length", "8 to 63 characters.");
        }
    }
}

/// <param name="Ssid">1 to 32 octets.</param>
/// <param name="Passphrase">8 to 63 characters; kept sealed, never shown.</param>
public sealed record WifiFields(string? Ssid = null, string? Passphrase = null);
