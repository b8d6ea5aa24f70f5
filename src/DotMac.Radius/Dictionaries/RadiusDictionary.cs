using DotMac.Radius.Wire;

namespace DotMac.Radius.Dictionaries;

/// <summary>Attributes and vendors by number and by name (names without regard to case). Immutable once built.</summary>
public sealed class RadiusDictionary
{
    private static readonly Lazy<RadiusDictionary> BuiltIn = new(LoadBuiltIn);

    private readonly Dictionary<(uint Vendor, uint Number), AttributeDefinition> _byNumber;
    private readonly Dictionary<string, AttributeDefinition> _byName;
    private readonly Dictionary<uint, VendorDefinition> _vendors;

    internal RadiusDictionary(
        Dictionary<(uint Vendor, uint Number), AttributeDefinition> byNumber,
        Dictionary<string, AttributeDefinition> byName,
        Dictionary<uint, VendorDefinition> vendors
    )
    {
        _byNumber = byNumber;
        _byName = byName;
        _vendors = vendors;
    }

    /// <summary>The dictionary that comes with this library.</summary>
    public static RadiusDictionary Default => BuiltIn.Value;

    public IReadOnlyCollection<AttributeDefinition> Attributes => _byName.Values;

    public IReadOnlyCollection<VendorDefinition> Vendors => _vendors.Values;

    /// <summary>A top-level attribute of a vendor, or of the IETF space with vendor 0.</summary>
    public bool TryFind(uint vendor, uint number, out AttributeDefinition attribute) =>
        _byNumber.TryGetValue((vendor, number), out attribute!);

    public bool TryFind(string name, out AttributeDefinition attribute) => _byName.TryGetValue(name, out attribute!);

    public bool TryFindVendor(uint number, out VendorDefinition vendor) => _vendors.TryGetValue(number, out vendor!);

    /// <summary>
    /// Every attribute of a packet in wire order, made readable. Encrypted and secret ones are hidden. Unknown and malformed ones are shown
    /// as octets; nothing fails.
    /// </summary>
    public IReadOnlyList<DecodedAttribute> Decode(PacketView packet) => new PacketDecoder(this).Decode(packet);

    private static RadiusDictionary LoadBuiltIn()
    {
        var dictionary = new DictionaryBuilder().AddBuiltIn().Build(out var faults);
        return faults.Count == 0 ? dictionary : throw new InvalidDataException($"Built-in dictionary: {faults[0]}");
    }
}
