using System.Globalization;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>
/// Juniper E and MX series (ERX, vendor 4874). They are told names: Qos-Profile-Name 26, and the policies of each direction, 10 and 11, which
/// the router has to know. Without a name only the download can be said: CoS-Shaping-Pmt-Type 108, "T02" = shaping rate.
/// </summary>
internal static class JuniperRates
{
    public const uint Vendor = 4874;
    private const byte IngressPolicyName = 10;
    private const byte EgressPolicyName = 11;
    private const byte QosProfileName = 26;
    private const byte CosShapingParameter = 108;
    private const int MostChars = 247;

    public static void Write(ref PacketWriter packet, Rates rates)
    {
        Span<char> text = stackalloc char[MostChars];
        if (rates.VendorProfileName is { } name)
        {
            packet.AddVendorText(Vendor, QosProfileName, name);
            text.TryWrite($"{name}-qos-in", out var length);
            packet.AddVendorText(Vendor, IngressPolicyName, text[..length]);
            text.TryWrite($"{name}-qos-out", out length);
            packet.AddVendorText(Vendor, EgressPolicyName, text[..length]);
            return;
        }

        text.TryWrite(CultureInfo.InvariantCulture, $"T02 {rates.DownKbps}k", out var shaping);
        packet.AddVendorText(Vendor, CosShapingParameter, text[..shaping]);
    }
}
