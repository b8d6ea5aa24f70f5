using System.Net;
using DotMac.Contracts.Access;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>A registered NAS as the AAA plane sees it. Immutable but for <see cref="SeenSigned"/>.</summary>
internal sealed record NasEntry
{
    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required string Shortname { get; init; }

    /// <summary>The address or network that its packets come from.</summary>
    public required IPNetwork Source { get; init; }

    /// <summary>Shared secret, UTF-8. Never logged.</summary>
    public required byte[] Secret { get; init; }
    public string? NasIdentifier { get; init; }
    public NasVendor Vendor { get; init; }
    public MessageAuthenticatorPolicy Policy { get; init; }
    public bool Enabled { get; init; } = true;
    public int Version { get; init; }

    /// <summary>Set for good once a valid Message-Authenticator came: under policy auto it is required from then on.</summary>
    public Signed SeenSigned { get; init; } = new();

    /// <summary>Whether an Access-Request without Message-Authenticator is dropped.</summary>
    public bool RequiresSignature =>
        Policy == MessageAuthenticatorPolicy.Require || (Policy == MessageAuthenticatorPolicy.Auto && SeenSigned.Yes);

    internal sealed class Signed
    {
        private volatile bool yes;

        public bool Yes => yes;

        public void Set() => yes = true;
    }
}
