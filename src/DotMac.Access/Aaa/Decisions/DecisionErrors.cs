using DotMac.Kernel.Results;

namespace DotMac.Access.Aaa.Decisions;

internal static class DecisionErrors
{
    public static readonly Error NotFound = Error.NotFound(
        "decision.not_found",
        "There is no such decision. Decisions are kept for 30 days."
    );

    public static readonly Error NothingDecided = Error.NotFound(
        "decision.none",
        "Nothing was decided about that login in the last 30 days: no Access-Request of it came here."
    );
}
