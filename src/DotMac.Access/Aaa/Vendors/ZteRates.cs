using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>
/// ZTE (vendor 3902): Rate-Ctrl-SCR-Up 89 and -Down 83 in kbit/s, bursts as the peak rates 192 (up) and 191 (down); with a profile name
/// QoS-Profile-Up 94 and -Down 82 besides.
/// </summary>
internal static class ZteRates
{
    public const uint Vendor = 3902;
    private const byte QosProfileDown = 82;
    private const byte ScrDown = 83;
    private const byte ScrUp = 89;
    private const byte QosProfileUp = 94;
    private const byte PeakDown = 191;
    private const byte PeakUp = 192;

    public static void Write(ref PacketWriter packet, Rates rates)
    {
        packet.AddVendorUInt32(Vendor, ScrUp, (uint)rates.UpKbps);
        packet.AddVendorUInt32(Vendor, ScrDown, (uint)rates.DownKbps);
        if (rates.UpBurstKbps is { } up)
        {
            packet.AddVendorUInt32(Vendor, PeakUp, (uint)up);
        }

        if (rates.DownBurstKbps is { } down)
        {
            packet.AddVendorUInt32(Vendor, PeakDown, (uint)down);
        }

        if (rates.VendorProfileName is { } name)
        {
            packet.AddVendorText(Vendor, QosProfileUp, name);
            packet.AddVendorText(Vendor, QosProfileDown, name);
        }
    }
}
