using System.Globalization;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>
/// Cisco-AVPair (vendor 9, type 1), once per direction. With a profile name it names the policy maps of the router, which is what IOS XE
/// needs; else the rates themselves. The directions are the router's: "in" is what the subscriber sends.
/// </summary>
internal static class CiscoRates
{
    public const uint Vendor = 9;
    private const byte AvPair = 1;
    private const int MostChars = 247;

    public static void Write(ref PacketWriter packet, Rates rates)
    {
        if (rates.VendorProfileName is { } name)
        {
            WritePolicy(ref packet, "subscriber:sub-qos-policy-in=", name);
            WritePolicy(ref packet, "subscriber:sub-qos-policy-out=", name);
            return;
        }

        WriteRate(ref packet, "input", rates.UpKbps, rates.UpBurstKbps);
        WriteRate(ref packet, "output", rates.DownKbps, rates.DownBurstKbps);
    }

    private static void WritePolicy(ref PacketWriter packet, string key, string name)
    {
        Span<char> text = stackalloc char[MostChars];
        text.TryWrite($"{key}{name}", out var length);
        packet.AddVendorText(Vendor, AvPair, text[..length]);
    }

    /// <summary>
    /// IOS "rate-limit": bit/s, normal and extended burst in octets. Cisco recommends 1.5 s of the rate as the normal burst and twice
    /// that as the extended one; with a burst rate the extended burst is 1.5 s of that, when it is more.
    /// </summary>
    private static void WriteRate(ref PacketWriter packet, string direction, int kbps, int? burstKbps)
    {
        var normal = BurstOctets(kbps);
        var extended = Math.Max(2 * normal, BurstOctets(burstKbps ?? 0));
        Span<char> text = stackalloc char[MostChars];
        text.TryWrite(
            CultureInfo.InvariantCulture,
            $"ip:rate-limit={direction} {kbps * 1000L} {normal} {extended} conform-action transmit exceed-action drop",
            out var length
        );
        packet.AddVendorText(Vendor, AvPair, text[..length]);
    }

    private static long BurstOctets(int kbps) => kbps * 1000L / 8 * 3 / 2;
}
