using System.Globalization;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa;

/// <summary>
/// A bandwidth profile in the words of a vendor. Numbers from the public vendor dictionaries: MikroTik 14988 (Mikrotik-Rate-Limit 8,
/// RouterOS manual "RADIUS client"), WISPr 14122 (Bandwidth-Max-Up 7, -Down 8, bit/s).
/// </summary>
internal static class RateAttributes
{
    private const uint Mikrotik = 14988;
    private const byte MikrotikRateLimit = 8;
    private const uint Wispr = 14122;
    private const byte WisprBandwidthMaxUp = 7;
    private const byte WisprBandwidthMaxDown = 8;

    public static void Write(ref PacketWriter reply, Rates rates, NasVendor vendor)
    {
        if (vendor == NasVendor.Mikrotik)
        {
            Span<char> text = stackalloc char[160];
            var length = WriteMikrotikRateLimit(rates, text);
            reply.AddVendorText(Mikrotik, MikrotikRateLimit, text[..length]);
            return;
        }

        reply.AddVendorUInt32(Wispr, WisprBandwidthMaxUp, BitsPerSecond(rates.UpKbps));
        reply.AddVendorUInt32(Wispr, WisprBandwidthMaxDown, BitsPerSecond(rates.DownKbps));
    }

    /// <summary>
    /// "rx/tx [rx-burst/tx-burst rx-threshold/tx-threshold rx-time/tx-time [priority]]" as the router sees it: it receives what the
    /// subscriber sends, so upload comes first. The threshold defaults to the rate itself, the burst time to 8 s.
    /// </summary>
    public static string MikrotikRateLimitText(Rates rates)
    {
        Span<char> text = stackalloc char[160];
        return new string(text[..WriteMikrotikRateLimit(rates, text)]);
    }

    private static int WriteMikrotikRateLimit(Rates rates, Span<char> text)
    {
        const int defaultBurstSeconds = 8;
        var invariant = CultureInfo.InvariantCulture;
        text.TryWrite(invariant, $"{rates.UpKbps}k/{rates.DownKbps}k", out var length);
        if (rates.UpBurstKbps is null && rates.DownBurstKbps is null)
        {
            return length;
        }

        var percent = rates.BurstThresholdPercent ?? 100;
        var seconds = rates.BurstTimeSeconds ?? defaultBurstSeconds;
        text[length..]
            .TryWrite(
                invariant,
                $" {rates.UpBurstKbps ?? rates.UpKbps}k/{rates.DownBurstKbps ?? rates.DownKbps}k {Share(rates.UpKbps, percent)}k/{Share(rates.DownKbps, percent)}k {seconds}/{seconds}",
                out var burst
            );
        length += burst;
        if (rates.Priority is { } priority)
        {
            text[length..].TryWrite(invariant, $" {priority}", out var more);
            length += more;
        }

        return length;
    }

    private static int Share(int kbps, int percent) => (int)((long)kbps * percent / 100);

    /// <summary>WISPr counts bit/s in 32 bits: faster lines are told the most that fits.</summary>
    private static uint BitsPerSecond(int kbps) => (uint)Math.Min(kbps * 1000L, uint.MaxValue);
}
