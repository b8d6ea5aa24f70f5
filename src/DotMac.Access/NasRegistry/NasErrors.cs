using DotMac.Kernel.Results;

namespace DotMac.Access.NasRegistry;

internal static class NasErrors
{
    public static readonly Error NotFound = Error.NotFound("nas.not_found", "There is no such NAS.");

    public static readonly Error Changed = Error.Changed("nas.changed");

    public static Error SourceTaken(string? nasIdentifier) =>
        Error.Conflict(
            "nas.source_taken",
            nasIdentifier is null
                ? "A NAS with this source address is already registered. When several NAS share one address, give each a nas_identifier."
                : "A NAS with this source address and this nas_identifier is already registered."
        );

    public static Error ShortNameTaken(string shortName) =>
        Error.Conflict("nas.shortname_taken", $"Another NAS is called {shortName}. Choose another short name.");

    public static readonly Error RadsecNameTaken = Error.Conflict(
        "nas.radsec_name_taken",
        "A NAS with this radsec_name is already registered. Each needs a certificate with a name of its own."
    );

    public static Error InUse(long sessions) =>
        Error.Conflict(
            "nas.in_use",
            $"{sessions} sessions are open on this NAS. Disconnect them first; to take it out of service now, set enabled to false."
        );
}
