using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DotMac.Radius.Tls;

/// <summary>Certificate revocation lists (RFC 5280 §5) out of PEM or DER files, each checked against its issuer's key when it is read.</summary>
/// <remarks>The base library reads revocation lists only from the network or a user's cache; what an operator has in a file is read here.</remarks>
public sealed class RevocationLists
{
    private const string Label = "X509 CRL";
    private readonly List<RevocationList> _lists = [];

    private RevocationLists() { }

    public int Count => _lists.Count;

    /// <summary>Reads the lists of a file.</summary>
    /// <exception cref="CryptographicException">It holds none, or one that is malformed or that none of the issuers signed.</exception>
    public static RevocationLists Read(byte[] file, X509Certificate2Collection issuers)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(issuers);
        var lists = new RevocationLists();
        foreach (var der in Parts(file))
        {
            try
            {
                lists._lists.Add(RevocationList.Read(der, issuers));
            }
            catch (AsnContentException e)
            {
                throw new CryptographicException($"A revocation list is malformed: {e.Message}", e);
            }
        }

        return lists.Count > 0 ? lists : throw new CryptographicException("It holds no revocation list.");
    }

    /// <summary>Why the certificate may not be believed, or null. Without a list of its issuer that is in force nobody is.</summary>
    public string? Objection(X509Certificate2 certificate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var own = _lists.FindAll(l => l.Issuer.AsSpan().SequenceEqual(certificate.IssuerName.RawData));
        if (own.Count == 0)
        {
            return "there is no revocation list of its issuer";
        }

        if (own.TrueForAll(l => l.NextUpdate is { } next && next < now))
        {
            return "the revocation list of its issuer is out of date";
        }

        var serial = new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true);
        return own.Exists(l => l.Serials.Contains(serial)) ? "it was revoked" : null;
    }

    private static List<byte[]> Parts(byte[] file)
    {
        if (file.Length > 0 && file[0] == 0x30)
        {
            return [file];
        }

        var found = new List<byte[]>();
        var text = System.Text.Encoding.ASCII.GetString(file).AsSpan();
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label].SequenceEqual(Label))
            {
                found.Add(Convert.FromBase64String(text[fields.Base64Data].ToString()));
            }

            text = text[fields.Location.End..];
        }

        return found;
    }
}
