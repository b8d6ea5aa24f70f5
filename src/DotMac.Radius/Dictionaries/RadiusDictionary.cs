using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
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

    private static RadiusDictionary? _extended;

    /// <summary>The dictionary that comes with this library, or the one that a site extended it to.</summary>
    public static RadiusDictionary Default => Volatile.Read(ref _extended) ?? BuiltIn.Value;

    /// <summary>Puts a dictionary that begins with the built-in one in its place, for the whole process; once, before the first packet.</summary>
    public static void Extend(RadiusDictionary dictionary) => Volatile.Write(ref _extended, dictionary);

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

    /// <summary>
    /// An attribute as it travels, by its name and the text of its value: hidden, tagged, inside TLVs, in its vendor's format, in the extended type space,
    /// spread over several attributes when it is long. A tag follows the name: "Tunnel-Type:1".
    /// </summary>
    /// <param name="secret">Shared with the peer; used for what is hidden.</param>
    /// <param name="authenticator">The Request Authenticator of the request, or of the request that is answered.</param>
    /// <exception cref="ArgumentException">Unknown name, no value of that type, too long, or an attribute that never travels.</exception>
    public IReadOnlyList<byte[]> Encode(string name, string text, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> authenticator)
    {
        var (attribute, value, tag) = Parse(name, text);
        return Encode(attribute, value, tag, secret, authenticator);
    }

    internal List<byte[]> Encode(
        AttributeDefinition attribute,
        ReadOnlySpan<byte> value,
        byte? tag,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> authenticator
    )
    {
        Span<byte> salt = stackalloc byte[Salted.SaltLength];
        RandomNumberGenerator.Fill(salt);
        return AttributeEncoder.Encode(this, attribute, value, tag, secret, authenticator, BinaryPrimitives.ReadUInt16BigEndian(salt))
            ?? throw new ArgumentException(
                $"A value of {value.Length} octets with the tag {tag ?? 0} does not fit {attribute.Name}.",
                nameof(value)
            );
    }

    /// <summary>The attribute a name means, the octets of the text, and the tag behind the name.</summary>
    internal (AttributeDefinition Attribute, byte[] Value, byte? Tag) Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        var colon = name.LastIndexOf(':');
        byte? tag = null;
        var plain = name;
        if (colon > 0 && byte.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            (plain, tag) = (name[..colon], number);
        }

        if (!TryFind(plain, out var attribute))
        {
            throw new ArgumentException($"Unknown attribute {plain}.", nameof(name));
        }

        var value =
            ValueParser.Parse(attribute, text) ?? throw new ArgumentException($"No value of {attribute.Name}: {text}", nameof(text));
        return tag > 0 && !attribute.HasTag
            ? throw new ArgumentException($"{attribute.Name} cannot have the tag {tag}.", nameof(name))
            : (attribute, value, tag);
    }

    private static RadiusDictionary LoadBuiltIn()
    {
        var dictionary = new DictionaryBuilder().AddBuiltIn().Build(out var faults);
        return faults.Count == 0 ? dictionary : throw new InvalidDataException($"Built-in dictionary: {faults[0]}");
    }
}
