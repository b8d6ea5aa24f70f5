using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DotMac.SystemTests.Loop;

/// <summary>A certificate authority of a day and one server certificate by it.</summary>
internal sealed class TestCertificates
{
    private readonly string authority;
    private readonly string server;
    private readonly string serverKey;

    public TestCertificates(string serverName)
    {
        var day = TimeSpan.FromDays(1);
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = RSA.Create(2048);
        var authorityRequest = new CertificateRequest("CN=Test CA", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        using var issuer = authorityRequest.CreateSelfSigned(now - day, now + day);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={serverName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(serverName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(issuer, now - day, now + day - TimeSpan.FromMinutes(1), RandomNumberGenerator.GetBytes(8));
        authority = issuer.ExportCertificatePem();
        server = certificate.ExportCertificatePem();
        serverKey = key.ExportRSAPrivateKeyPem();
    }

    public Task WriteAuthorityAsync(string path) => WriteAsync(path, authority);

    public async Task WriteServerAsync(string certificate, string key)
    {
        await WriteAsync(certificate, server);
        await WriteAsync(key, serverKey);
    }

    private static Task WriteAsync(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text);
    }
}
