using System.Globalization;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>Mikrotik-Rate-Limit (vendor 14988, type 8), as the RouterOS manual's "RADIUS client" describes it.</summary>
internal static class MikrotikRates
{
    public const uint Vendor = 14988;
    private const byte RateLimit = 8;
    private const int MostChars = 160;

    public static void Write(ref PacketWriter packet, Rates rates)
    {
        Span<char> text = stackalloc char[MostChars];
        var length = WriteText(rates, text);
        packet.AddVendorText(Vendor, RateLimit, text[..length]);
    }

    /// <summary>
    /// "rx/tx [rx-burst/tx-burst rx-threshold/tx-threshold rx-time/tx-time [priority]]" as the router sees it: it receives what the
    /// subscriber sends, so upload comes first. The threshold defaults to the rate itself, the burst time to 8 s.
    /// </summary>
    public static string Text(Rates rates)
    {
        Span<char> text = stackalloc char[MostChars];
        return new string(text[..WriteText(rates, text)]);
    }

    private static int WriteText(Rates rates, Span<char> text)
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
}
