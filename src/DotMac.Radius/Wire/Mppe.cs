using System.Security.Cryptography;

namespace DotMac.Radius.Wire;

/// <summary>Keys for Microsoft's point-to-point encryption (RFC 3079), 128 bits.</summary>
public static class Mppe
{
    public const int KeyLength = 16;

    /// <summary>MS-CHAP-MPPE-Keys before hiding (RFC 2548 §2.4.1): LM-Key (8) and NT-Key (16).</summary>
    public const int VersionOneKeysLength = 24;

    private const int PadLength = 40;

    private static ReadOnlySpan<byte> MasterMagic => "This is the MPPE Master Key"u8;

    private static ReadOnlySpan<byte> ServerReceivesMagic =>
        "On the client side, this is the send key; on the server side, it is the receive key."u8;

    private static ReadOnlySpan<byte> ServerSendsMagic =>
        "On the client side, this is the receive key; on the server side, it is the send key."u8;

    /// <summary>GetMasterKey and GetAsymmetricStartKey (RFC 3079 §3.4) as the NAS, the server of the link, uses them.</summary>
    public static void ComputeStartKeys(
        ReadOnlySpan<byte> passwordHashHash,
        ReadOnlySpan<byte> ntResponse,
        scoped Span<byte> sendKey,
        scoped Span<byte> receiveKey
    )
    {
        Span<byte> master = stackalloc byte[Sha1.Length];
        Sha1.Compute(passwordHashHash[..MsChap.HashLength], ntResponse, MasterMagic, master);
        StartKey(master[..KeyLength], ServerSendsMagic, sendKey);
        StartKey(master[..KeyLength], ServerReceivesMagic, receiveKey);
        CryptographicOperations.ZeroMemory(master);
    }

    /// <summary>LM-Key and NT-Key of MS-CHAP version 1 (RFC 3079 §2). False when the password has no NT hash.</summary>
    public static bool TryComputeVersionOneKeys(ReadOnlySpan<byte> cleartextPassword, Span<byte> keys)
    {
        var ntKey = keys.Slice(Des.BlockLength, MsChap.HashLength);
        if (!MsChap.TryHashPassword(cleartextPassword, ntKey))
        {
            return false;
        }

        MsChap.HashHash(ntKey, ntKey);
        MsChap.LanManagerKey(cleartextPassword, keys);
        return true;
    }

    private static void StartKey(ReadOnlySpan<byte> master, ReadOnlySpan<byte> magic, Span<byte> key)
    {
        const byte secondPad = 0xF2; // SHSpad2
        Span<byte> message = stackalloc byte[KeyLength + PadLength + 84 + PadLength];
        master.CopyTo(message);
        message.Slice(KeyLength, PadLength).Clear(); // SHSpad1
        magic.CopyTo(message[(KeyLength + PadLength)..]);
        message[^PadLength..].Fill(secondPad);
        Span<byte> digest = stackalloc byte[Sha1.Length];
        Sha1.Compute(message, digest);
        digest[..KeyLength].CopyTo(key);
        CryptographicOperations.ZeroMemory(digest);
        message.Clear();
    }
}
