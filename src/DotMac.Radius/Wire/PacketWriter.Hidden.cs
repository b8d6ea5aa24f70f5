using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>Values that only the NAS may read, and what MS-CHAP is answered with.</summary>
public ref partial struct PacketWriter
{
    private const uint EncryptionAllowed = 1; // RFC 2548 §2.4.4
    private const uint Rc4Of40Or128Bits = 6; // RFC 2548 §2.4.5

    /// <summary>Tunnel-Password (RFC 2868 §3.5): tag, salt, at most 239 octets hidden.</summary>
    public bool AddTunnelPassword(
        byte tag,
        scoped ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> requestAuthenticator
    )
    {
        if (tag > AttributeFormat.MaxTag)
        {
            return Fail(WriteFault.ValueInvalid);
        }

        if (password.Length > Salted.MaxValueLength)
        {
            return Fail(WriteFault.ValueTooLong);
        }

        if (!TryReserve(AttributeType.TunnelPassword, 1 + Salted.LengthOf(password.Length), out var target))
        {
            return false;
        }

        target[0] = tag;
        return Salted.Encrypt(password, secret, requestAuthenticator, NextSalt(), target[1..]) > 0;
    }

    /// <summary>A vendor's value with salted hiding, at most 239 octets: MS-MPPE-Send-Key, MS-MPPE-Recv-Key (RFC 2548 §2.4.2).</summary>
    public bool AddVendorSalted(
        uint vendor,
        byte type,
        scoped ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> requestAuthenticator
    )
    {
        if (value.Length > Salted.MaxValueLength)
        {
            return Fail(WriteFault.ValueTooLong);
        }

        return TryReserveVendor(vendor, type, Salted.LengthOf(value.Length), out var target)
            && Salted.Encrypt(value, secret, requestAuthenticator, NextSalt(), target) > 0;
    }

    /// <summary>
    /// Answers a request that proved its password by MS-CHAP: MS-CHAP2-Success in version 2, and the keys for MPPE with policy and types
    /// (encryption allowed, 40 or 128 bits). False, and nothing written, when the request does not prove that password.
    /// </summary>
    public bool AddMsChapSuccess(PacketView request, ReadOnlySpan<byte> cleartextPassword, ReadOnlySpan<byte> secret)
    {
        if (!MsChapV2.TryGetNtResponse(request, out var ntResponse))
        {
            return AddVersionOneKeys(request, cleartextPassword, secret);
        }

        Span<byte> success = stackalloc byte[MsChapV2.SuccessLength];
        Span<byte> hash = stackalloc byte[MsChap.HashLength];
        if (!MsChapV2.TrySucceed(request, cleartextPassword, success) || !MsChap.TryHashPassword(cleartextPassword, hash))
        {
            return false;
        }

        Span<byte> sendKey = stackalloc byte[Mppe.KeyLength];
        Span<byte> receiveKey = stackalloc byte[Mppe.KeyLength];
        MsChap.HashHash(hash, hash);
        Mppe.ComputeStartKeys(hash, ntResponse, sendKey, receiveKey);
        var all =
            AddVendor(MsChap.Vendor, MsChap.Success2Type, success)
            && AddVendorSalted(MsChap.Vendor, MsChap.RecvKeyType, receiveKey, secret, request.Authenticator)
            && AddVendorSalted(MsChap.Vendor, MsChap.SendKeyType, sendKey, secret, request.Authenticator)
            && AddEncryptionPolicy();
        CryptographicOperations.ZeroMemory(hash);
        CryptographicOperations.ZeroMemory(sendKey);
        CryptographicOperations.ZeroMemory(receiveKey);
        return all;
    }

    /// <summary>
    /// Answers a rejected MS-CHAP request (RFC 2548 §2.1.5; codes in RFC 2433 §7 and RFC 2759 §6): error 691 whatever the reason was, no retry, and
    /// a fresh challenge because the text has a place for it. Writes nothing when the request carries no MS-CHAP.
    /// </summary>
    public bool AddMsChapError(PacketView request)
    {
        var second = request.TryGetVendor(MsChap.Vendor, MsChap.Response2Type, out var response);
        if ((!second && !request.TryGetVendor(MsChap.Vendor, MsChap.ResponseType, out response)) || response.IsEmpty)
        {
            return true;
        }

        var challengeLength = second ? MsChapV2.ChallengeLength : MsChap.ChallengeLength;
        Span<byte> challenge = stackalloc byte[challengeLength];
        RandomNumberGenerator.Fill(challenge);
        Span<byte> error = stackalloc byte[64];
        error[0] = response[0];
        "E=691 R=0 C="u8.CopyTo(error[1..]);
        Convert.TryToHexString(challenge, error[13..], out var digits);
        var length = 13 + digits;
        var version = second ? " V=3"u8 : " V=2"u8;
        version.CopyTo(error[length..]);
        return AddVendor(MsChap.Vendor, MsChap.ErrorType, error[..(length + version.Length)]);
    }

    private bool AddVersionOneKeys(PacketView request, ReadOnlySpan<byte> password, ReadOnlySpan<byte> secret)
    {
        Span<byte> keys = stackalloc byte[Mppe.VersionOneKeysLength];
        Span<byte> hidden = stackalloc byte[2 * Digest.Length];
        if (!MsChap.Verify(request, password) || !Mppe.TryComputeVersionOneKeys(password, keys))
        {
            return false;
        }

        var length = Pap.Encrypt(keys, secret, request.Authenticator, hidden);
        CryptographicOperations.ZeroMemory(keys);
        return AddVendor(MsChap.Vendor, MsChap.MppeKeysType, hidden[..length]) && AddEncryptionPolicy();
    }

    private bool AddEncryptionPolicy() =>
        AddVendorUInt32(MsChap.Vendor, MsChap.EncryptionPolicyType, EncryptionAllowed)
        && AddVendorUInt32(MsChap.Vendor, MsChap.EncryptionTypesType, Rc4Of40Or128Bits);

    /// <summary>Random at first, then counted on: no two of a packet are alike (RFC 2868 §3.5).</summary>
    private ushort NextSalt()
    {
        if (_salt == 0)
        {
            Span<byte> random = stackalloc byte[2];
            RandomNumberGenerator.Fill(random);
            _salt = BinaryPrimitives.ReadUInt16BigEndian(random);
        }

        _salt = (ushort)((_salt + 1) | Salted.SaltMark);
        return _salt;
    }
}
