using System.Text;
using DotMac.Kernel.Results;

namespace DotMac.Access.Profiles;

/// <summary>What a caller may say about a bandwidth profile. Rates in kbit/s.</summary>
/// <param name="AllowedNasGroups">Its subscribers may sign on at the NAS of these groups alone; empty: at every NAS.</param>
public sealed record ProfileFields(
    string? Name = null,
    int? DownloadRateKbps = null,
    int? UploadRateKbps = null,
    string? Description = null,
    int? DownloadBurstKbps = null,
    int? UploadBurstKbps = null,
    int? BurstThresholdPercent = null,
    int? BurstTimeSeconds = null,
    int? Priority = null,
    string? VendorProfileName = null,
    IReadOnlyList<string?>? AllowedNasGroups = null
)
{
    /// <summary>The fastest rate: 1 Tbit/s would not fit 32 bits of kbit/s twice over; 400 Gbit/s is the fastest port sold.</summary>
    internal const int MostKbps = 400_000_000;

    /// <summary>A vendor attribute holds 247 octets; some vendors' words stand around the name.</summary>
    private const int MostNameOctets = 200;

    internal ProfileFields Cleaned() =>
        this with
        {
            Name = Input.Clean(Name),
            Description = Input.Clean(Description),
            VendorProfileName = Input.Clean(VendorProfileName),
            AllowedNasGroups = NasGroups.Clean(AllowedNasGroups),
        };

    internal Error? Refusal()
    {
        var faults = new Faults()
            .Text("name", Name, 1, 64)
            .Text("description", Description, 0, 500)
            .Check(
                AllowedNasGroups is null || (AllowedNasGroups.Count <= 50 && AllowedNasGroups.All(g => NasGroups.IsName(g!))),
                "allowed_nas_groups",
                "bad_format",
                "At most 50 groups. " + NasGroups.Rule
            )
            .Text("vendor_profile_name", VendorProfileName, 0, MostNameOctets)
            .Check(
                VendorProfileName is null || Encoding.UTF8.GetByteCount(VendorProfileName) <= MostNameOctets,
                "vendor_profile_name",
                "too_long",
                $"At most {MostNameOctets} octets."
            )
            .Check(DownloadRateKbps is not null, "download_rate_kbps", "required", "This must be given, in kbit/s.")
            .Check(UploadRateKbps is not null, "upload_rate_kbps", "required", "This must be given, in kbit/s.")
            .Range("download_rate_kbps", DownloadRateKbps, 1, MostKbps)
            .Range("upload_rate_kbps", UploadRateKbps, 1, MostKbps)
            .Range("download_burst_kbps", DownloadBurstKbps, 1, MostKbps)
            .Range("upload_burst_kbps", UploadBurstKbps, 1, MostKbps)
            .Range("burst_threshold_percent", BurstThresholdPercent, 1, 100)
            .Range("burst_time_seconds", BurstTimeSeconds, 1, 3600)
            .Range("priority", Priority, 1, 8)
            .Check(
                DownloadBurstKbps is null || DownloadRateKbps is null || DownloadBurstKbps >= DownloadRateKbps,
                "download_burst_kbps",
                "below_rate",
                "A burst is not slower than the rate."
            )
            .Check(
                UploadBurstKbps is null || UploadRateKbps is null || UploadBurstKbps >= UploadRateKbps,
                "upload_burst_kbps",
                "below_rate",
                "A burst is not slower than the rate."
            )
            .Check(
                DownloadBurstKbps is null == UploadBurstKbps is null,
                DownloadBurstKbps is null ? "download_burst_kbps" : "upload_burst_kbps",
                "required",
                "Give the burst of both directions or of none."
            );
        if (DownloadBurstKbps is null && UploadBurstKbps is null)
        {
            const string message = "This needs burst rates.";
            faults.Check(BurstThresholdPercent is null, "burst_threshold_percent", "without_burst", message);
            faults.Check(BurstTimeSeconds is null, "burst_time_seconds", "without_burst", message);
        }

        return faults.Error;
    }

    /// <summary>Writes checked fields to the entity.</summary>
    internal void ApplyTo(BandwidthProfile profile)
    {
        profile.Name = Name!;
        profile.Description = Description;
        profile.DownloadRateKbps = DownloadRateKbps!.Value;
        profile.UploadRateKbps = UploadRateKbps!.Value;
        profile.DownloadBurstKbps = DownloadBurstKbps;
        profile.UploadBurstKbps = UploadBurstKbps;
        profile.BurstThresholdPercent = (short?)BurstThresholdPercent;
        profile.BurstTimeSeconds = (short?)BurstTimeSeconds;
        profile.Priority = (short?)Priority;
        profile.VendorProfileName = VendorProfileName;
        profile.AllowedNasGroups = [.. AllowedNasGroups!.Select(g => g!)];
    }
}
