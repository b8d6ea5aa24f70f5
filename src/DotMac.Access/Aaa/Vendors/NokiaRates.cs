using System.Globalization;
using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>
/// Nokia SR OS (vendor 6527). With a profile name: Alc-Subsc-Prof-Str 12 and Alc-SLA-Prof-Str 13, whose policies the router has to know.
/// Else Alc-Subscriber-QoS-Override 126 once per direction, kbit/s: the root arbiter of the ingress, the aggregate rate of the egress
/// ("&lt;direction&gt;:&lt;object&gt;:[&lt;id&gt;:]&lt;parameter&gt;=&lt;value&gt;", 7750 SR RADIUS Attributes Reference Guide). SR OS has no bursts by rate.
/// </summary>
internal static class NokiaRates
{
    public const uint Vendor = 6527;

    /// <summary>SR OS takes profile strings of at most 32 characters.</summary>
    public const int MostNameChars = 32;

    private const byte SubscriberProfile = 12;
    private const byte SlaProfile = 13;
    private const byte QosOverride = 126;

    public static void Write(ref PacketWriter packet, Rates rates)
    {
        if (rates.VendorProfileName is { } name)
        {
            packet.AddVendorText(Vendor, SubscriberProfile, name);
            packet.AddVendorText(Vendor, SlaProfile, name);
            return;
        }

        Span<char> text = stackalloc char[40];
        text.TryWrite(CultureInfo.InvariantCulture, $"i:a:root:rate={rates.UpKbps}", out var length);
        packet.AddVendorText(Vendor, QosOverride, text[..length]);
        text.TryWrite(CultureInfo.InvariantCulture, $"e:r:rate={rates.DownKbps}", out length);
        packet.AddVendorText(Vendor, QosOverride, text[..length]);
    }
}
