using System.Globalization;

namespace DotMac.Radius.Dictionaries;

/// <summary>What a dictionary says about one attribute. Its children are those of a TLV, an extended attribute or a vendor in one.</summary>
public sealed class AttributeDefinition
{
    private readonly Dictionary<uint, AttributeDefinition> _children;
    private readonly Dictionary<ulong, string> _valueNames;
    private readonly Dictionary<string, ulong> _valueNumbers;

    /// <summary>An attribute without values and children yet, unless it shares them.</summary>
    /// <param name="sameNumber">An earlier definition of the same number under another name: named values and children are shared.</param>
    internal AttributeDefinition(
        string name,
        uint vendor,
        uint number,
        AttributeDataType dataType,
        AttributeDefinition? parent,
        AttributeDefinition? sameNumber = null
    )
    {
        _children = sameNumber?._children ?? [];
        _valueNames = sameNumber?._valueNames ?? [];
        _valueNumbers = sameNumber?._valueNumbers ?? new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        Name = name;
        Vendor = vendor;
        Number = number;
        DataType = dataType;
        Parent = parent;
    }

    public string Name { get; }

    /// <summary>The vendor's enterprise number; 0 for the IETF space.</summary>
    public uint Vendor { get; }

    /// <summary>The type on the wire, within the parent. Above 255 in the IETF space: internal to a server, never on the wire.</summary>
    public uint Number { get; }

    public AttributeDataType DataType { get; }

    public AttributeDefinition? Parent { get; }

    /// <summary>The exact length in octets that the dictionary demands, or null.</summary>
    public int? FixedLength { get; internal init; }

    /// <summary>The value begins with a tag (RFC 2868 §3.1).</summary>
    public bool HasTag { get; internal init; }

    /// <summary>0 none, 1 as User-Password, 2 salted as Tunnel-Password, 3 Ascend's.</summary>
    public int Encryption { get; internal init; }

    /// <summary>Never to be shown: encrypted, or marked secret.</summary>
    public bool IsSecret { get; internal init; }

    /// <summary>A long value is spread over several attributes (EAP-Message).</summary>
    public bool IsConcatenated { get; internal init; }

    /// <summary>One attribute holds several fixed-size values end to end.</summary>
    public bool IsArray { get; internal init; }

    /// <summary>Named values, by number.</summary>
    public IReadOnlyDictionary<ulong, string> Values => _valueNames;

    /// <summary>How the number is written, with parents: 8, 26.14988.8, 241.1.</summary>
    public string Path
    {
        get
        {
            var own = Number.ToString(CultureInfo.InvariantCulture);
            return Parent is not null ? $"{Parent.Path}.{own}"
                : Vendor != 0 ? $"26.{Vendor}.{own}"
                : own;
        }
    }

    public bool TryGetValueName(ulong number, out string name) => _valueNames.TryGetValue(number, out name!);

    public bool TryGetValueNumber(string name, out ulong number) => _valueNumbers.TryGetValue(name, out number);

    public bool TryGetChild(uint number, out AttributeDefinition child) => _children.TryGetValue(number, out child!);

    public override string ToString() => $"{Name} ({Path})";

    internal void AddChild(AttributeDefinition child) => _children[child.Number] = child;

    /// <summary>Two names for one number are fine: the later is shown. Two numbers for one name are not.</summary>
    internal bool TryAddValue(string name, ulong number)
    {
        if (_valueNumbers.TryGetValue(name, out var known) && known != number)
        {
            return false;
        }

        _valueNumbers[name] = number;
        _valueNames[number] = name;
        return true;
    }
}
