namespace DotMac.Radius.Dictionaries;

/// <summary>What was read so far. Values may stand before the attribute they belong to, so they are joined at the end.</summary>
internal sealed class DictionaryContent
{
    private readonly Dictionary<(uint Vendor, uint Number), AttributeDefinition> _byNumber = [];
    private readonly Dictionary<string, AttributeDefinition> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<uint, VendorDefinition> _vendors = [];
    private readonly Dictionary<string, uint> _vendorNumbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string File, int Line, string Attribute, string Name, ulong Number)> _values = [];

    public List<DictionaryFault> Faults { get; } = [];

    public bool TryFind(string name, out AttributeDefinition attribute) => _byName.TryGetValue(name, out attribute!);

    public bool TryFind(uint vendor, uint number, out AttributeDefinition attribute) =>
        _byNumber.TryGetValue((vendor, number), out attribute!);

    public bool TryFindVendor(string name, out uint number) => _vendorNumbers.TryGetValue(name, out number);

    public string? AddVendor(VendorDefinition vendor)
    {
        if (_vendorNumbers.TryGetValue(vendor.Name, out var number) && number != vendor.Number)
        {
            return $"vendor {vendor.Name} already has number {number}";
        }

        _vendorNumbers[vendor.Name] = vendor.Number;
        _vendors[vendor.Number] = vendor;
        return null;
    }

    /// <summary>A second name for a number is taken and becomes the one shown; a second number for a name is refused.</summary>
    public string? AddAttribute(AttributeDefinition attribute)
    {
        if (_byName.TryGetValue(attribute.Name, out var known) && !string.Equals(known.Path, attribute.Path, StringComparison.Ordinal))
        {
            return $"attribute {attribute.Name} is already defined as {known.Path}";
        }

        _byName[attribute.Name] = attribute;
        if (attribute.Parent is not null)
        {
            attribute.Parent.AddChild(attribute);
        }
        else
        {
            _byNumber[(attribute.Vendor, attribute.Number)] = attribute;
        }

        return null;
    }

    public void AddValue(string file, int line, string attribute, string name, ulong number) =>
        _values.Add((file, line, attribute, name, number));

    public RadiusDictionary Build()
    {
        foreach (var value in _values)
        {
            if (!_byName.TryGetValue(value.Attribute, out var attribute))
            {
                Faults.Add(new DictionaryFault(value.File, value.Line, $"value {value.Name} of an unknown attribute {value.Attribute}"));
            }
            else if (!attribute.TryAddValue(value.Name, value.Number))
            {
                Faults.Add(
                    new DictionaryFault(value.File, value.Line, $"value {value.Name} of {attribute.Name} already has another number")
                );
            }
        }

        _values.Clear();
        return new RadiusDictionary(_byNumber, _byName, _vendors);
    }
}
