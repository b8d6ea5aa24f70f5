using System.Net;
using DotMac.Contracts.Access;
using DotMac.Kernel.Audit;

namespace DotMac.Access.NasRegistry;

/// <summary>A network access server: whose packets we answer, and whom we ask to disconnect.</summary>
internal sealed class Nas
{
    public required Guid TenantId { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The address or network that its packets come from.</summary>
    public required IPNetwork NasName { get; set; }

    public required string ShortName { get; set; }

    public required string Type { get; set; }

    public required NasVendor Vendor { get; set; }

    /// <summary>The shared secret, sealed.</summary>
    [Secret]
    public required byte[] Secret { get; set; }

    /// <summary>UDP port of its RFC 5176 listener.</summary>
    public required int CoaPort { get; set; }

    /// <summary>Tells several NAS behind one address apart.</summary>
    public string? NasIdentifier { get; set; }

    /// <summary>The name its certificate proves over RadSec; null: it is known by its address there too.</summary>
    public string? RadsecName { get; set; }

    public required MessageAuthenticatorPolicy MessageAuthenticatorPolicy { get; set; }

    /// <summary>Profiles may be allowed on the NAS of named groups alone.</summary>
    public string? NasGroup { get; set; }

    public string? Description { get; set; }

    public required bool Enabled { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    [NotAudited]
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Given by the database, over all tenants: names the NAS in rows that have to be small.</summary>
    [NotAudited]
    public int Number { get; private set; }

    public int Version { get; set; } = 1;
}
