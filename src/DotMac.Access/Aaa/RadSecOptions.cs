using System.Security.Cryptography.X509Certificates;

namespace DotMac.Access.Aaa;

/// <summary>How RADIUS over TLS is served (RFC 6614).</summary>
/// <param name="Port">TCP port; RFC 6614 says 2083.</param>
/// <param name="Certificate">This server's, with its private key.</param>
/// <param name="Intermediates">Sent along with it.</param>
/// <param name="TrustedIssuers">Who may have issued a NAS's certificate.</param>
public sealed record RadSecOptions(
    int Port,
    X509Certificate2 Certificate,
    X509Certificate2Collection Intermediates,
    X509Certificate2Collection TrustedIssuers
);
