using DotMac.Contracts.External;
using DotMac.Kernel.Results;

namespace DotMac.Network.Pon;

/// <summary>The named refusals of the PON pages.</summary>
internal static class PonErrors
{
    public static readonly Error OltNotFound = Error.NotFound("pon.olt_not_found", "There is no such OLT.");
    public static readonly Error OnuNotFound = Error.NotFound("pon.onu_not_found", "No port has seen an ONU with this serial number.");
    public static readonly Error PortNotFound = Error.NotFound("pon.port_not_found", "The OLT has no such port.");
    public static readonly Error AlarmNotFound = Error.NotFound("pon.alarm_not_found", "There is no such alarm.");
    public static readonly Error AlarmOver = Error.Conflict("pon.alarm_over", "This alarm has been cleared already.");
    public static readonly Error NotConfigured = Error.Conflict(
        "pon.not_configured",
        "No PON controller is configured: choose a driver on the page of the network systems."
    );

    public static readonly Error NotOwned = Error.Conflict(
        "pon.onu_not_owned",
        "This ONU belongs to nobody: there is nothing to take off. It goes when its light goes."
    );

    public static Error NameTaken(string name) => Error.Conflict("pon.olt_name_taken", $"There is an OLT named {name} already.");

    /// <summary>What a controller refused, as the API says it.</summary>
    public static Error Of(RoleFault fault) =>
        fault.Code == "pon.onu_unknown" ? Error.NotFound(fault.Code, fault.Message)
        : fault.MayPass ? new Error(ErrorKind.Unavailable, fault.Code, fault.Message)
        : Error.Conflict(fault.Code, fault.Message);
}
