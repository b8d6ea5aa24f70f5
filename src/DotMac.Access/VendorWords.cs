using DotMac.Contracts.Access;

namespace DotMac.Access;

/// <summary>Vendors of NAS as the API names them.</summary>
internal static class VendorWords
{
    public const string UnknownVendor =
        "The vendor is not known: rates go out as WISPr attributes, which this NAS may not heed. Set the vendor of the NAS, or see that it reads WISPr.";

    public static string Of(NasVendor vendor) => vendor.ToString().ToLowerInvariant();

    /// <summary>Whether the vendor is one that the vendor table knows; an unknown one is told WISPr.</summary>
    public static bool IsKnown(NasVendor vendor) => vendor != NasVendor.Generic && Enum.IsDefined(vendor);
}
