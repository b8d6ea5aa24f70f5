using DotMac.Kernel.Audit;

namespace DotMac.Platform.Flags;

/// <summary>A flag that the tenant has set at least once.</summary>
internal sealed class FlagSetting
{
    public required Guid TenantId { get; init; }

    /// <summary>As <see cref="FlagKind"/> names it.</summary>
    public required string Name { get; init; }

    public required string Value { get; set; }

    [NotAudited]
    public required DateTimeOffset ChangedAt { get; set; }

    [NotAudited]
    public required string ChangedBy { get; set; }

    public int Version { get; set; } = 1;
}
