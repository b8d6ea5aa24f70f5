using DotMac.Kernel.Audit;

namespace DotMac.Platform.Identity;

/// <summary>A key for a machine: <c>dmk_&lt;prefix&gt;_&lt;secret&gt;</c>, of which only the prefix and a hash are kept.</summary>
internal sealed class ApiKey
{
    public const string Mark = "dmk_";

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Eight characters that find the row.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole key: it holds 256 random bits, so that a slow hash would add nothing.</summary>
    [Secret]
    public required byte[] Hash { get; init; }
    public required string[] Permissions { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    [NotAudited]
    public DateTimeOffset? LastUsedAt { get; init; }
}
