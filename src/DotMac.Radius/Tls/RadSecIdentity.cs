using System.Security.Cryptography.X509Certificates;

namespace DotMac.Radius.Tls;

/// <summary>What a RadSec server shows and whom it believes, at one moment.</summary>
/// <param name="Certificate">This server's, with its private key.</param>
/// <param name="Intermediates">Certificates between it and its issuer, sent along.</param>
/// <param name="TrustedIssuers">Who may have issued a client's certificate.</param>
/// <param name="Revocations">What these issuers took back; null: it is not asked for.</param>
public sealed record RadSecIdentity(
    X509Certificate2 Certificate,
    X509Certificate2Collection Intermediates,
    X509Certificate2Collection TrustedIssuers,
    RevocationLists? Revocations = null
);
