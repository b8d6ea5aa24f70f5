using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>What a vendor will not do with a profile although the profile says it. For the one who sets it, not for the NAS.</summary>
internal static class RateWarnings
{
    public static IEnumerable<string> Of(Rates rates, NasVendor vendor)
    {
        if (!VendorWords.IsKnown(vendor))
        {
            yield return VendorWords.UnknownVendor;
        }

        if (vendor == NasVendor.Cisco && rates.VendorProfileName is null)
        {
            yield return "IOS XE does not heed ip:rate-limit: give the profile the name of a policy map (vendor_profile_name).";
        }

        if (vendor == NasVendor.Juniper && rates.VendorProfileName is null)
        {
            yield return "Without vendor_profile_name a Juniper is told the download alone: the upload stays as the router has it.";
        }

        if (vendor == NasVendor.Nokia && rates.VendorProfileName is { Length: > NokiaRates.MostNameChars })
        {
            yield return $"SR OS takes profile names of at most {NokiaRates.MostNameChars} characters.";
        }

        if (HasBurst(rates) && !SaysBurst(rates, vendor))
        {
            yield return "This vendor is not told the burst rates.";
        }

        if (CountsBits(vendor) && (Overflows(rates.UpKbps, rates.UpBurstKbps) || Overflows(rates.DownKbps, rates.DownBurstKbps)))
        {
            yield return "The attribute ends at 4,294,967,295 bit/s: faster lines are told that.";
        }
    }

    private static bool HasBurst(Rates rates) => rates.UpBurstKbps is not null || rates.DownBurstKbps is not null;

    private static bool SaysBurst(Rates rates, NasVendor vendor) =>
        vendor is NasVendor.Mikrotik or NasVendor.Huawei or NasVendor.Zte || (vendor == NasVendor.Cisco && rates.VendorProfileName is null);

    private static bool CountsBits(NasVendor vendor) =>
        vendor is not (NasVendor.Mikrotik or NasVendor.Cisco or NasVendor.Juniper or NasVendor.Nokia or NasVendor.Zte);

    private static bool Overflows(int kbps, int? burst) => RateAttributes.Overflows(Math.Max(kbps, burst ?? 0));
}
