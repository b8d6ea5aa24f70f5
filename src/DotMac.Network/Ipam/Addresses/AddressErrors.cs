using DotMac.Contracts.External;
using DotMac.Kernel.Results;

namespace DotMac.Network.Ipam.Addresses;

internal static class AddressErrors
{
    public static readonly Error NotFound = Error.NotFound("ipam_address.not_found", "There is no such allocation.");

    public static readonly Error Ended = Error.Conflict("ipam_address.ended", "It was given back already.");

    public static readonly Error InUse = Error.Conflict(
        "ipam_address.in_use",
        "The line carries it. Change its network or end its service first, or force the release: another line may then get the same address."
    );

    public static readonly Error Exhausted = Error.Conflict("ipam.pool_exhausted", "Nothing is left here.");

    public static readonly Error Held = Error.Conflict("ipam.already_held", "The owner holds one of this kind already.");

    public static readonly Error Taken = Error.Conflict("ipam.address_taken", "It belongs to somebody else.");

    public static readonly Error Busy = Error.Conflict("ipam.pool_busy", "The last places are being taken by others. Ask again.");

    public static readonly Error Closed = Error.Conflict("ipam.pool_closed", "The pool hands out nothing now.");

    public static readonly Error PoolUnknown = Error.Invalid("ipam.pool_unknown", "There is no such pool.");

    /// <summary>What the allocator refused, as the API says it.</summary>
    public static Error Of(RoleFault fault) =>
        fault.Code switch
        {
            "ipam.pool_exhausted" => Exhausted with { Message = fault.Message },
            "ipam.already_held" => Held with { Message = fault.Message },
            "ipam.address_taken" => Taken with { Message = fault.Message },
            "ipam.pool_busy" => Busy with { Message = fault.Message },
            "ipam.pool_closed" => Closed with { Message = fault.Message },
            "ipam.pool_unknown" => PoolUnknown with { Message = fault.Message },
            _ => throw new InvalidOperationException(fault.Code),
        };
}
