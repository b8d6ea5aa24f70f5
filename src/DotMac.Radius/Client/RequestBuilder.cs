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
    private readonly Dictionary<int, (AttributeDefinition Attribute, byte[] Value, byte? Tag)> _hidden = [];
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
    /// <exception cref="ArgumentException">Unknown name, no value of that type, too long, or an attribute that never travels.</exception>
    public RequestBuilder Add(string name, string text)
    {
        var (attribute, value, tag) = _dictionary.Parse(name, text);
        if (attribute.Vendor == 0 && attribute.Parent is null)
        {
            switch (attribute.Number)
            {
                case AttributeType.UserPassword:
                    return UserPassword(text);
                case AttributeType.ChapPassword:
                    return ChapPassword(text);
            }
        }

        if (attribute.Encryption != 0)
        {
            // Hidden when built: only then the secret is known. Tried now, so that what does not fit is told here.
            _dictionary.Encode(attribute, value, tag, default, _authenticator);
            _attributes.Add((0, []));
            _hidden.Add(_attributes.Count - 1, (attribute, value, tag));
            return this;
        }

        foreach (var wire in _dictionary.Encode(attribute, value, tag, default, _authenticator))
        {
            Add(wire[0], wire.AsSpan(2));
        }

        return this;
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
        for (var i = 0; i < _attributes.Count; i++)
        {
            var (type, value) = _attributes[i];
            if (_hidden.TryGetValue(i, out var clear))
            {
                foreach (var wire in _dictionary.Encode(clear.Attribute, clear.Value, clear.Tag, secret, _authenticator))
                {
                    writer.AddWhole(wire);
                }
            }
            else if (type == AttributeType.UserPassword && _password is not null && value.Length == 0)
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
}
