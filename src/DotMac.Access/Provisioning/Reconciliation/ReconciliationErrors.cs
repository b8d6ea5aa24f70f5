using DotMac.Kernel.Results;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>The named refusals of the reconciliation page.</summary>
internal static class ReconciliationErrors
{
    public static readonly Error NotFound = Error.NotFound("finding.not_found", "There is no such finding.");
    public static readonly Error Gone = Error.Conflict("finding.gone", "It is so no longer: there is nothing to mend.");
    public static readonly Error NoFix = Error.Invalid("finding.no_fix", "Nothing safe can be done about it from here.");
    public static readonly Error RepairNotFound = Error.NotFound("finding.repair_not_found", "There is no such repair.");
    public static readonly Error Changed = Error.Changed("finding.changed");
}
