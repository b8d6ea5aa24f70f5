using DotMac.Access.Aaa.Snapshot;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>
/// Huawei (vendor 2011): Input-Average-Rate 2 is what the subscriber sends, Output-Average-Rate 5 what it receives, both bit/s; bursts as
/// the peak rates 3 and 6; a profile name as Qos-Profile-Name 31 besides.
/// </summary>
internal static class HuaweiRates
{
    public const uint Vendor = 2011;
    private const byte InputAverageRate = 2;
    private const byte InputPeakRate = 3;
    private const byte OutputAverageRate = 5;
    private const byte OutputPeakRate = 6;
    private const byte QosProfileName = 31;

    public static void Write(ref PacketWriter packet, Rates rates)
    {
        packet.AddVendorUInt32(Vendor, InputAverageRate, RateAttributes.BitsPerSecond(rates.UpKbps));
        packet.AddVendorUInt32(Vendor, OutputAverageRate, RateAttributes.BitsPerSecond(rates.DownKbps));
        if (rates.UpBurstKbps is { } up)
        {
            packet.AddVendorUInt32(Vendor, InputPeakRate, RateAttributes.BitsPerSecond(up));
        }

        if (rates.DownBurstKbps is { } down)
        {
            packet.AddVendorUInt32(Vendor, OutputPeakRate, RateAttributes.BitsPerSecond(down));
        }

        if (rates.VendorProfileName is { } name)
        {
            packet.AddVendorText(Vendor, QosProfileName, name);
        }
    }
}
