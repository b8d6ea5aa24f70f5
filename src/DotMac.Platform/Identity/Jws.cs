using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DotMac.Platform.Identity;

/// <summary>
/// JSON Web Signature in compact form with RS256 and nothing else: RFC 7515 §3.1, §5, RFC 7518 §3.3.
/// The algorithm is not read from the token to choose one; a token that names another is refused by <see cref="AccessTokens"/>.
/// </summary>
internal static class Jws
{
    public static string Sign(RSA key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    public static bool Verify(RSA key, Parts token) =>
        key.VerifyData(Encoding.ASCII.GetBytes(token.SigningInput), token.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>Takes a compact token apart; null when it is not three base64url texts without padding.</summary>
    public static Parts? Read(string token)
    {
        var texts = token.Split('.');
        if (
            token.Length > 8192
            || texts.Length != 3
            || Array.Exists(texts, t => t.Length == 0 || t.Contains('=', StringComparison.Ordinal))
        )
        {
            return null;
        }

        var parts = new byte[3][];
        for (var i = 0; i < 3; i++)
        {
            var text = Encoding.UTF8.GetBytes(texts[i]);
            if (!Base64Url.IsValid(text))
            {
                return null;
            }

            try
            {
                parts[i] = Base64Url.DecodeFromUtf8(text);
            }
            catch (FormatException)
            {
                return null;
            }
        }

        return new Parts(parts[0], parts[1], parts[2], token[..token.LastIndexOf('.')]);
    }

    public sealed record Parts(byte[] Header, byte[] Payload, byte[] Signature, string SigningInput);
}
