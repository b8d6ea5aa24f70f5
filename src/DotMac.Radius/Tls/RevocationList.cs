using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DotMac.Radius.Tls;

/// <summary>One list, its signature proved (RFC 5280 §5.1).</summary>
internal sealed record RevocationList(byte[] Issuer, DateTimeOffset? NextUpdate, HashSet<BigInteger> Serials)
{
    public static RevocationList Read(byte[] der, X509Certificate2Collection issuers)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var signed = outer.PeekEncodedValue().ToArray();
        var body = outer.ReadSequence();
        var algorithm = outer.ReadSequence().ReadObjectIdentifier();
        var signature = outer.ReadBitString(out _);
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            body.ReadInteger(); // version
        }

        body.ReadSequence(); // the algorithm again
        var issuer = body.ReadEncodedValue().ToArray();
        ReadTime(body); // thisUpdate
        DateTimeOffset? next = body.HasData && IsTime(body.PeekTag()) ? ReadTime(body) : null;
        var serials = new HashSet<BigInteger>();
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            for (var entries = body.ReadSequence(); entries.HasData; )
            {
                serials.Add(entries.ReadSequence().ReadInteger());
            }
        }

        if (!issuers.Any(i => i.SubjectName.RawData.AsSpan().SequenceEqual(issuer) && IsSignedBy(i, algorithm, signed, signature)))
        {
            throw new CryptographicException("A revocation list is not signed by one of the trusted issuers.");
        }

        return new RevocationList(issuer, next, serials);
    }

    private static bool IsTime(Asn1Tag tag) =>
        tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    /// <summary>RFC 4055 and RFC 5758: the signatures that certificate authorities use.</summary>
    private static bool IsSignedBy(X509Certificate2 issuer, string algorithm, byte[] signed, byte[] signature)
    {
        HashAlgorithmName? hash = algorithm switch
        {
            "1.2.840.10045.4.3.2" or "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256,
            "1.2.840.10045.4.3.3" or "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
            "1.2.840.10045.4.3.4" or "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
            _ => null,
        };
        if (hash is not { } name)
        {
            return false;
        }

        using var elliptic = issuer.GetECDsaPublicKey();
        using var rsa = issuer.GetRSAPublicKey();
        return elliptic?.VerifyData(signed, signature, name, DSASignatureFormat.Rfc3279DerSequence)
            ?? rsa?.VerifyData(signed, signature, name, RSASignaturePadding.Pkcs1)
            ?? false;
    }
}
