using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Onus;

/// <summary>The named refusals of giving an ONU to a subscriber.</summary>
internal static class AttachErrors
{
    public static readonly Error OnuTaken = Error.Conflict("subscriber.onu_taken", "Another subscriber has that ONU.");
    public static readonly Error HasAnother = Error.Conflict(
        "attach.has_another",
        "The subscriber has an ONU already; to swap it, change his network instead."
    );
}
