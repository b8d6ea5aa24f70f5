using DotMac.Kernel.Audit;

namespace DotMac.Platform.Identity;

/// <summary>One sign-in of a user: of a browser (cookie) or of an API client (a family of refresh tokens).</summary>
[NotAudited]
internal sealed class UserSession
{
    /// <summary>A cookie unused for this long is worth nothing.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromHours(12);
    public static readonly TimeSpan BrowserLimit = TimeSpan.FromDays(7);
    public static readonly TimeSpan RefreshLimit = TimeSpan.FromDays(30);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the cookie; null for an API client.</summary>
    public byte[]? TokenHash { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public string? Ip { get; init; }
    public string? UserAgent { get; init; }
    public DateTimeOffset? RevokedAt { get; private set; }
    public string? RevokedFor { get; private set; }

    public void Revoke(DateTimeOffset now, string reason)
    {
        RevokedAt ??= now;
        RevokedFor ??= reason;
    }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now && (TokenHash is null || LastSeenAt > now - IdleLimit);
}

/// <summary>One link of a family of refresh tokens; used once, for the next link.</summary>
[NotAudited]
internal sealed class RefreshToken
{
    public required Guid TenantId { get; init; }
    public required byte[] Hash { get; init; }
    public required Guid SessionId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A code that stands in for a TOTP code, once.</summary>
[NotAudited]
internal sealed class RecoveryCode
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required byte[] Hash { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}
