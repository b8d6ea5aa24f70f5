using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>WISPr (vendor 14122): Bandwidth-Max-Up 7 and -Down 8, bit/s. Ubiquiti and Cambium read them; so do many others.</summary>
internal static class WisprRates
{
    public const uint Vendor = 14122;
    private const byte BandwidthMaxUp = 7;
    private const byte BandwidthMaxDown = 8;

    public static void Write(ref PacketWriter packet, Rates rates)
    {
        packet.AddVendorUInt32(Vendor, BandwidthMaxUp, RateAttributes.BitsPerSecond(rates.UpKbps));
        packet.AddVendorUInt32(Vendor, BandwidthMaxDown, RateAttributes.BitsPerSecond(rates.DownKbps));
    }
}
