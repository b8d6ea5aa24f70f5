using System.Security.Cryptography.X509Certificates;

namespace DotMac.Radius.Tls;

/// <summary>Which RadSec server to speak to, and how both sides prove themselves.</summary>
public sealed class RadSecClientOptions
{
    /// <summary>Name or address of the server.</summary>
    public required string Host { get; init; }

    public int Port { get; init; } = RadSec.Port;

    /// <summary>The name that the server's certificate must prove; <see cref="Host"/> when null.</summary>
    public string? ServerName { get; init; }

    /// <summary>This client's certificate with its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Certificates between this client's and its issuer, sent along.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    /// <summary>Who may have issued the server's certificate.</summary>
    public required X509Certificate2Collection TrustedIssuers { get; init; }

    /// <summary>For the connection and its handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
