using DotMac.Contracts.Network;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>A site that somebody names has to be there; said beside whatever else is wrong.</summary>
internal static class NamedSite
{
    /// <param name="sites">The register of sites.</param>
    /// <param name="site">Null: none is named.</param>
    /// <param name="others">What is wrong otherwise; null: nothing.</param>
    /// <param name="ct">Ends the look.</param>
    /// <returns>All that is wrong, or null.</returns>
    public static async Task<Error?> CheckAsync(ISites sites, Guid? site, Error? others, CancellationToken ct)
    {
        if (site is not { } id || others is { Kind: not ErrorKind.Validation } || await sites.ExistsAsync(id, ct))
        {
            return others;
        }

        var faults = new Faults();
        foreach (var fault in others?.Faults ?? [])
        {
            faults.Add(fault.Field, fault.Code, fault.Message);
        }

        return faults.Add("site_id", "not_found", "There is no such site.").Error;
    }
}
