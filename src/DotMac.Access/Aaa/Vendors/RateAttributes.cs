using DotMac.Access.Aaa.Snapshot;
using DotMac.Contracts.Access;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Vendors;

/// <summary>
/// A bandwidth profile in the words of a vendor: the same octets in an Access-Accept and in a CoA-Request. Attribute numbers are those of
/// the public vendor dictionaries; a profile's name has at most 200 octets, so that it fits with what is put around it. A vendor without words of its own is told WISPr's; <see cref="RateWarnings"/> says so.
/// </summary>
internal static class RateAttributes
{
    public static void Write(ref PacketWriter packet, Rates rates, NasVendor vendor)
    {
        switch (vendor)
        {
            case NasVendor.Mikrotik:
                MikrotikRates.Write(ref packet, rates);
                break;
            case NasVendor.Cisco:
                CiscoRates.Write(ref packet, rates);
                break;
            case NasVendor.Huawei:
                HuaweiRates.Write(ref packet, rates);
                break;
            case NasVendor.Juniper:
                JuniperRates.Write(ref packet, rates);
                break;
            case NasVendor.Nokia:
                NokiaRates.Write(ref packet, rates);
                break;
            case NasVendor.Zte:
                ZteRates.Write(ref packet, rates);
                break;
            default:
                WisprRates.Write(ref packet, rates);
                break;
        }
    }

    /// <summary>kbit/s as bit/s in the 32 bits of an integer attribute: faster lines are told the most that fits.</summary>
    public static uint BitsPerSecond(int kbps) => (uint)Math.Min(kbps * 1000L, uint.MaxValue);

    /// <summary>The rates of an attribute that counts bit/s do not fit 32 bits.</summary>
    public static bool Overflows(int kbps) => kbps * 1000L > uint.MaxValue;
}
