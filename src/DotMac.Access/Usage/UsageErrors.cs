using DotMac.Kernel.Results;

namespace DotMac.Access.Usage;

internal static class UsageErrors
{
    public static readonly Error NasNotFound = Error.NotFound("nas.not_found", "There is no such NAS.");

    public static readonly Error RetentionChanged = Error.Changed("accounting_retention.changed");
}
