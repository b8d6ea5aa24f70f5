using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DotMac.Radius.Tls;

/// <summary>RADIUS over TLS (RFC 6614): what server and client agree on.</summary>
public static class RadSec
{
    /// <summary>TCP port for authentication, accounting and dynamic authorisation alike (RFC 6614 §2.1).</summary>
    public const int Port = 2083;

    internal const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>The shared secret of every connection (RFC 6614 §2.3): TLS protects, the old signatures go on as a matter of form.</summary>
    public static ReadOnlySpan<byte> Secret => "radsec"u8;

    /// <summary>
    /// Whether a certificate is in force and leads to one of the given issuers, and to nothing the system trusts besides. With key usages it must
    /// name the right one. Revocation is the listener's to ask (<see cref="RevocationLists"/>).
    /// </summary>
    internal static bool IsTrusted(
        X509Certificate2 certificate,
        X509Chain? presented,
        X509Certificate2Collection issuers,
        bool ofServer,
        out string reason
    )
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(issuers);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ofServer ? ServerUse : ClientUse));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        var trusted = chain.Build(certificate);
        reason = trusted
            ? string.Empty
            : string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct(StringComparer.Ordinal));
        return trusted;
    }

    internal static SslStreamCertificateContext Present(X509Certificate2 certificate, X509Certificate2Collection intermediates) =>
        SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
}
