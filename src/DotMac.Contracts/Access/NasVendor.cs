namespace DotMac.Contracts.Access;

/// <summary>Whose attributes a NAS understands. Stored as its number: numbers are only ever added.</summary>
public enum NasVendor : short
{
    /// <summary>Standard attributes, and WISPr for rates.</summary>
    Generic = 0,
    Mikrotik = 1,
    Cisco = 2,
    Huawei = 3,
    Juniper = 4,
    Nokia = 5,
    Zte = 6,
    Ubiquiti = 7,
    Cambium = 8,
}
