using DotMac.Kernel.Results;

namespace DotMac.Platform.Flags;

internal static class FlagErrors
{
    public static readonly Error NotFound = Error.NotFound("flag.not_found", "There is no such flag.");

    public static readonly Error Changed = Error.Changed("flag.changed");
}
