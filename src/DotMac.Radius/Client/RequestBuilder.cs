using System.Net;
using System.Security.Cryptography;
using System.Text;
using DotMac.Radius.Dictionaries;
using DotMac.Radius.Wire;

namespace DotMac.Radius.Client;

/// <summary>
/// Collects the attributes of a request and signs it: for CoA, Disconnect, tests and simulated NAS. Not for the hot path. A value that
/// does not fit raises <see cref="ArgumentException"/> when it is added; a packet above 4096 octets <see cref="InvalidOperationException"/> when built.
/// </summary>
public sealed partial class RequestBuilder
{
    private readonly List<(byte Type, byte[] Value)> _attributes = [];
    private readonly byte[] _authenticator = RandomNumberGenerator.GetBytes(PacketView.AuthenticatorLength);
    private readonly RadiusDictionary _dictionary;
    private readonly PacketCode _code;
    private readonly byte _identifier;
    private byte[]? _password;
    private bool _messageAuthenticator;

    /// <summary>Begins a request.</summary>
    /// <param name="identifier">Random when null.</param>
    /// <param name="dictionary">For names; the built-in one when null.</param>
    public RequestBuilder(PacketCode code, byte? identifier = null, RadiusDictionary? dictionary = null)
    {
        _code = code;
        _identifier = identifier ?? RandomNumberGenerator.GetBytes(1)[0];
        _dictionary = dictionary ?? RadiusDictionary.Default;
    }

    /// <summary>The authenticator an Access-Request or Status-Server will carry.</summary>
    public ReadOnlySpan<byte> RandomAuthenticator => _authenticator;

    public RequestBuilder Add(byte type, ReadOnlySpan<byte> value)
    {
        if (value.Length > AttributeFormat.MaxValueLength)
        {
            throw new ArgumentException($"The value of attribute {type} has {value.Length} octets; 253 is the most.", nameof(value));
        }

        _attributes.Add((type, value.ToArray()));
        return this;
    }

    public RequestBuilder Add(byte type, string text) => Add(type, Encoding.UTF8.GetBytes(text));

    public RequestBuilder Add(byte type, uint value) =>
        Add(type, [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    public RequestBuilder Add(byte type, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Add(type, address.GetAddressBytes());
    }

    public RequestBuilder AddVendor(uint vendor, byte type, ReadOnlySpan<byte> value)
    {
        if (value.Length > AttributeFormat.MaxValueLength - 6)
        {
            throw new ArgumentException($"A vendor value has {value.Length} octets; 247 is the most.", nameof(value));
        }

        return Add(
            AttributeType.VendorSpecific,
            [(byte)(vendor >> 24), (byte)(vendor >> 16), (byte)(vendor >> 8), (byte)vendor, type, (byte)(2 + value.Length), .. value]
        );
    }

    public RequestBuilder AddVendor(uint vendor, byte type, string text) => AddVendor(vendor, type, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Adds by the dictionary's name, with the value as text: "Acct-Status-Type", "Start". A tag follows the name: "Tunnel-Type:1".
    /// User-Password and CHAP-Password take the clear password.
    /// </summary>
    /// <exception cref="ArgumentException">Unknown name, no value of that type, or a kind that cannot be sent by name (TLV, salted, extended).</exception>
    public RequestBuilder Add(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        var (plain, tag) = SplitTag(name);
        if (!_dictionary.TryFind(plain, out var attribute))
        {
            throw new ArgumentException($"Unknown attribute {plain}.", nameof(name));
        }

        if (attribute.Vendor == 0 && attribute.Number == AttributeType.UserPassword)
        {
            return UserPassword(text);
        }

        if (attribute.Vendor == 0 && attribute.Number == AttributeType.ChapPassword)
        {
            return ChapPassword(text);
        }

        var format =
            attribute.Vendor == 0 ? null
            : _dictionary.TryFindVendor(attribute.Vendor, out var vendor) ? vendor
            : null;
        if (
            attribute.Parent is not null
            || attribute.Number > byte.MaxValue
            || attribute.Encryption != 0
            || format is { TypeOctets: not 1 } or { LengthOctets: not 1 } or { HasContinuation: true }
        )
        {
            throw new ArgumentException($"{attribute.Name} cannot be sent by name.", nameof(name));
        }

        var value =
            ValueParser.Parse(attribute, text) ?? throw new ArgumentException($"No value of {attribute.Name}: {text}", nameof(text));
        if (tag is { } number)
        {
            value = WithTag(attribute, value, number);
        }

        return attribute.Vendor == 0 ? Add((byte)attribute.Number, value) : AddVendor(attribute.Vendor, (byte)attribute.Number, value);
    }

    /// <summary>A User-Password hidden with the secret when built (RFC 2865 §5.2). At most 128 octets.</summary>
    public RequestBuilder UserPassword(string clear)
    {
        var octets = Encoding.UTF8.GetBytes(clear);
        if (octets.Length > Pap.MaxPasswordLength)
        {
            throw new ArgumentException("A password has at most 128 octets.", nameof(clear));
        }

        _password = octets;
        _attributes.Add((AttributeType.UserPassword, []));
        return this;
    }

    /// <summary>A CHAP-Password that answers the Request Authenticator, or a given CHAP-Challenge (RFC 2865 §5.3, §5.40).</summary>
    public RequestBuilder ChapPassword(string clear, byte chapIdentifier = 1, byte[]? challenge = null)
    {
        var value = new byte[Chap.PasswordAttributeLength];
        value[0] = chapIdentifier;
        Chap.Compute(chapIdentifier, Encoding.UTF8.GetBytes(clear), challenge ?? _authenticator, value.AsSpan(1));
        Add(AttributeType.ChapPassword, value);
        return challenge is null ? this : Add(AttributeType.ChapChallenge, challenge);
    }

    /// <summary>Puts a Message-Authenticator first.</summary>
    public RequestBuilder WithMessageAuthenticator()
    {
        _messageAuthenticator = true;
        return this;
    }

    /// <summary>The packet, signed as its code asks for.</summary>
    public byte[] Build(ReadOnlySpan<byte> secret) => Build(secret, _identifier);

    /// <summary>The packet with another identifier, for who keeps count of those in use.</summary>
    internal byte[] Build(ReadOnlySpan<byte> secret, byte identifier)
    {
        var buffer = new byte[PacketView.MaxLength];
        var writer = new PacketWriter(buffer, _code, identifier);
        if (_messageAuthenticator)
        {
            writer.AddMessageAuthenticatorPlaceholder();
        }

        Span<byte> hidden = stackalloc byte[Pap.MaxPasswordLength];
        foreach (var (type, value) in _attributes)
        {
            if (type == AttributeType.UserPassword && _password is not null && value.Length == 0)
            {
                var length = Pap.Encrypt(_password, secret, _authenticator, hidden);
                writer.AddBytes(type, hidden[..length]);
            }
            else
            {
                writer.AddBytes(type, value);
            }
        }

        var total = _code is PacketCode.AccessRequest or PacketCode.StatusServer
            ? writer.FinishAccessRequest(secret, _authenticator)
            : writer.FinishAccountingLike(secret);
        return total > 0 ? buffer[..total] : throw new InvalidOperationException($"The request cannot be built: {writer.Fault}.");
    }

    private static (string Name, byte? Tag) SplitTag(string name)
    {
        var colon = name.LastIndexOf(':');
        return colon > 0 && byte.TryParse(name.AsSpan(colon + 1), out var tag) ? (name[..colon], tag) : (name, null);
    }

    private static byte[] WithTag(AttributeDefinition attribute, byte[] value, byte tag)
    {
        if (!attribute.HasTag || tag > AttributeFormat.MaxTag)
        {
            throw new ArgumentException($"{attribute.Name} cannot have the tag {tag}.", nameof(tag));
        }

        if (attribute.DataType != AttributeDataType.Integer)
        {
            return [tag, .. value];
        }

        if (value[0] != 0)
        {
            throw new ArgumentException($"A tagged {attribute.Name} has at most 24 bits.", nameof(value));
        }

        value[0] = tag;
        return value;
    }
}
