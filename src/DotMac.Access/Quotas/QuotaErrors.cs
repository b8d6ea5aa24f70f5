using DotMac.Kernel.Results;

namespace DotMac.Access.Quotas;

internal static class QuotaErrors
{
    public static readonly Error ProfileNotFound = Error.NotFound("bandwidth_profile.not_found", "There is no such bandwidth profile.");

    public static readonly Error NotFound = Error.NotFound("quota.not_found", "No quota is set here.");

    public static readonly Error NoCap = Error.Conflict("quota.no_cap", "The subscriber has no quota, so nothing can be added to it.");
}
