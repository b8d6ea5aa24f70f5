using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DotMac.Access.Aaa;
using DotMac.Radius.Tls;

namespace DotMac.Host.Settings;

/// <summary>The settings of RADIUS over TLS. Its files are read here, so that a wrong one stops the start and not the first NAS.</summary>
internal static class RadSecSettings
{
    private const string PortKey = "DOTMAC_RADSEC_PORT";
    private const string CertificateKey = "DOTMAC_RADSEC_CERTIFICATE";
    private const string PrivateKey = "DOTMAC_RADSEC_KEY";
    private const string IssuersKey = "DOTMAC_RADSEC_CA";
    private const string RevokedKey = "DOTMAC_RADSEC_CRL";

    public static RadSecOptions? Read(SettingReader read)
    {
        var isSet = read.Text(PortKey) is not (null or "0");
        if (!isSet)
        {
            foreach (var key in new[] { CertificateKey, PrivateKey, IssuersKey, RevokedKey }.Where(key => read.Text(key) is not null))
            {
                read.Fault(key, $"{PortKey} is not set, so nothing is served with it. Set the port, e.g. 2083, or remove this.");
            }

            return null;
        }

        var port = read.Port(PortKey, 2083);
        if (ReadIdentity(read) is not { } identity)
        {
            return null;
        }

        string[] files = [.. new[] { CertificateKey, PrivateKey, IssuersKey, RevokedKey }.Select(read.Text).OfType<string>()];
        return new RadSecOptions(port, identity, files, Reread);

        (RadSecIdentity?, IReadOnlyList<string>) Reread()
        {
            var again = read.Again();
            return (ReadIdentity(again), again.Faults);
        }
    }

    private static RadSecIdentity? ReadIdentity(SettingReader read)
    {
        var certificate = ReadCertificate(read);
        var issuers = ReadAll(read, IssuersKey, "the certificate of the CA that issues your NAS's certificates");
        var chain = certificate is null ? null : ReadAll(read, CertificateKey, "the server's certificate");
        if (certificate is null || issuers is null || chain is null)
        {
            return null;
        }

        RevocationLists? revoked = null;
        if (read.Text(RevokedKey) is not null && (revoked = ReadRevoked(read, issuers)) is null)
        {
            return null;
        }

        var intermediates = chain.Where(c => !c.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)).ToArray();
        return new RadSecIdentity(certificate, [.. intermediates], issuers, revoked);
    }

    private static RevocationLists? ReadRevoked(SettingReader read, X509Certificate2Collection issuers)
    {
        const string What = "the revocation lists of the CA";
        if (ExistingFile(read, RevokedKey, What) is not { } file)
        {
            return null;
        }

        try
        {
            return RevocationLists.Read(File.ReadAllBytes(file), issuers);
        }
        catch (Exception e) when (IsUnreadable(e) || e is FormatException)
        {
            read.Fault(RevokedKey, $"{file} cannot be used ({e.Message}). Set it to a file with {What}, PEM or DER.");
            return null;
        }
    }

    private static X509Certificate2? ReadCertificate(SettingReader read)
    {
        var file = ExistingFile(read, CertificateKey, "the server's certificate");
        var key = ExistingFile(read, PrivateKey, "the certificate's private key, without a passphrase");
        if (file is null || key is null)
        {
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file, key);
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
            if (now >= from && now <= to)
            {
                return certificate;
            }

            read.Fault(
                CertificateKey,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file} is in force from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}. Set one that is today."
                )
            );
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            read.Fault(
                CertificateKey,
                $"{file} and {key} do not belong together or are not PEM ({e.Message}). Set both to PEM files of one key pair."
            );
        }

        return null;
    }

    private static X509Certificate2Collection? ReadAll(SettingReader read, string key, string what)
    {
        if (ExistingFile(read, key, what) is not { } file)
        {
            return null;
        }

        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(file);
            if (all.Count > 0)
            {
                return all;
            }

            read.Fault(key, $"{file} holds no certificate. Set it to a PEM file with {what}.");
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            read.Fault(key, $"{file} cannot be read ({e.Message}). Set it to a PEM file with {what}.");
        }

        return null;
    }

    private static string? ExistingFile(SettingReader read, string key, string what)
    {
        if (read.Text(key) is not { } file)
        {
            read.Fault(key, $"{PortKey} is set, and this is not. Set it to a PEM file with {what}.");
            return null;
        }

        if (File.Exists(file))
        {
            return Path.GetFullPath(file);
        }

        read.Fault(key, $"{file} does not exist. Set it to a PEM file with {what}.");
        return null;
    }

    private static bool IsUnreadable(Exception e) =>
        e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException;
}
