using System.Net;
using System.Net.Sockets;
using System.Text;
using Dapper;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;

namespace DotMac.Access.Coa;

/// <summary>What a session is to be changed to. What is left out is taken from the session's subscriber: its profile, VLAN, prefix or filter.</summary>
/// <param name="BandwidthProfileId">Rates of a profile.</param>
/// <param name="DownloadRateKbps">Or rates given one by one, kbit/s, both of them.</param>
/// <param name="VlanId">Service VLAN, 1 to 4094; with <paramref name="InnerVlan"/> Q-in-Q.</param>
/// <param name="DelegatedIpv6Prefix">In CIDR form.</param>
/// <param name="FilterId">The walled garden's filter, or the one to go back to.</param>
public sealed record CoaOrder(
    Guid? BandwidthProfileId = null,
    int? DownloadRateKbps = null,
    int? UploadRateKbps = null,
    int? VlanId = null,
    int? InnerVlan = null,
    string? DelegatedIpv6Prefix = null,
    string? FramedIpv6Prefix = null,
    string? FilterId = null
)
{
    private const int MostKbps = 400_000_000;

    private const string Profile = """
        SELECT tenant_id, id, name, download_rate_kbps AS down_kbps, upload_rate_kbps AS up_kbps, download_burst_kbps AS down_burst_kbps,
            upload_burst_kbps AS up_burst_kbps, burst_threshold_percent::int AS burst_threshold_percent,
            burst_time_seconds::int AS burst_time_seconds, priority::int AS priority, vendor_profile_name, version
        FROM radius_bandwidth_profiles WHERE id = @id
        """;

    /// <summary>The change that this means; refuses what the kind has no use for, and CR, LF and NUL.</summary>
    internal async Task<Result<CoaChange>> ReadAsync(CoaKind kind, UnitOfWork work, CancellationToken ct)
    {
        var faults = new Faults()
            .Range("download_rate_kbps", DownloadRateKbps, 1, MostKbps)
            .Range("upload_rate_kbps", UploadRateKbps, 1, MostKbps)
            .Check(
                DownloadRateKbps is null == UploadRateKbps is null,
                DownloadRateKbps is null ? "download_rate_kbps" : "upload_rate_kbps",
                "required",
                "Give the rates of both directions."
            )
            .Check(
                BandwidthProfileId is null || DownloadRateKbps is null,
                "bandwidth_profile_id",
                "too_much",
                "Give a profile or rates, not both."
            )
            .Range("vlan_id", VlanId, 1, 4094)
            .Range("inner_vlan", InnerVlan, 1, 4094)
            .Check(InnerVlan is null || VlanId is not null, "vlan_id", "required", "An inner VLAN needs an outer one.")
            .Check(IsPrefix(DelegatedIpv6Prefix), "delegated_ipv6_prefix", "bad_address", "An IPv6 prefix like 2001:db8::/56.")
            .Check(IsPrefix(FramedIpv6Prefix), "framed_ipv6_prefix", "bad_address", "An IPv6 prefix like 2001:db8::/64.")
            .Check(
                FilterId is null || !FilterId.Any(char.IsControl),
                "filter_id",
                "bad_character",
                "CR, LF, NUL and the like are not allowed."
            )
            .Check(FilterId is null || Encoding.UTF8.GetByteCount(FilterId) <= 200, "filter_id", "too_long", "At most 200 octets.");
        if (faults.Error is { } refusal)
        {
            return refusal;
        }

        var rates = kind == CoaKind.Rate ? await RatesAsync(work, ct) : new Result<Rates?>();
        if (rates.Error is { } missing)
        {
            return missing;
        }

        return kind switch
        {
            CoaKind.Rate => new CoaChange { Rates = rates.Value },
            CoaKind.Vlan => new CoaChange { VlanId = (short?)VlanId, InnerVlan = (short?)InnerVlan },
            CoaKind.Ipv6Prefix => new CoaChange
            {
                DelegatedIpv6Prefix = Whole(DelegatedIpv6Prefix),
                FramedIpv6Prefix = Whole(FramedIpv6Prefix),
            },
            CoaKind.Suspend or CoaKind.Resume => new CoaChange { FilterId = Input.Clean(FilterId) },
            _ => CoaChange.Own,
        };
    }

    private async Task<Result<Rates?>> RatesAsync(UnitOfWork work, CancellationToken ct)
    {
        if (BandwidthProfileId is { } id)
        {
            var profile = await work.Connection.QuerySingleOrDefaultAsync<Rates>(
                new CommandDefinition(Profile, new { id }, work.Transaction, cancellationToken: ct)
            );
            return profile is null ? CoaErrors.ProfileNotFound : profile;
        }

        return DownloadRateKbps is { } down
            ? new Rates
            {
                TenantId = Guid.Empty,
                Id = Guid.Empty,
                Name = "",
                DownKbps = down,
                UpKbps = UploadRateKbps!.Value,
            }
            : (Rates?)null;
    }

    private static bool IsPrefix(string? text) =>
        text is null
        || (IPNetwork.TryParse(text.Trim(), out var prefix) && prefix.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6);

    private static string? Whole(string? text) => text is null ? null : IPNetwork.Parse(text.Trim()).ToString();
}
