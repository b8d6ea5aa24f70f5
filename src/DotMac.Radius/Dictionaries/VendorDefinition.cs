namespace DotMac.Radius.Dictionaries;

/// <summary>A vendor and the shape of its sub-attributes.</summary>
/// <param name="Number">IANA enterprise number.</param>
/// <param name="TypeOctets">1, 2 or 4.</param>
/// <param name="LengthOctets">0, 1 or 2; 0 means one sub-attribute fills the rest.</param>
/// <param name="HasContinuation">An octet after the length whose top bit says that the value goes on (WiMAX).</param>
public sealed record VendorDefinition(string Name, uint Number, int TypeOctets = 1, int LengthOctets = 1, bool HasContinuation = false)
{
    /// <summary>Octets before each value.</summary>
    public int HeaderLength => TypeOctets + LengthOctets + (HasContinuation ? 1 : 0);
}
