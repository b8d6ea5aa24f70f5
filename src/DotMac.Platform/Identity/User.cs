using DotMac.Kernel.Audit;
using DotMac.Kernel.Results;

namespace DotMac.Platform.Identity;

/// <summary>A person who signs in. The e-mail address is unique on the whole platform, because it finds the tenant.</summary>
internal sealed class User
{
    public const int FailuresBeforeLock = 10;
    public static readonly TimeSpan LockLength = TimeSpan.FromMinutes(15);

    public required Guid TenantId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Lower case.</summary>
    public required string Email { get; init; }
    public required string FullName { get; set; }

    [Secret]
    public required string PasswordHash { get; set; }
    public bool IsActive { get; set; } = true;

    /// <summary>Read only here: the application's database role may not write it.</summary>
    public bool IsPlatformAdmin { get; private set; }
    public bool MustChangePassword { get; set; }

    [NotAudited]
    public int FailedSignIns { get; private set; }

    [NotAudited]
    public DateTimeOffset? LockedUntil { get; private set; }

    /// <summary>Sealed. Set up, but without force until <see cref="TotpEnabled"/>.</summary>
    [Secret]
    public byte[]? TotpSecret { get; private set; }
    public bool TotpEnabled { get; private set; }

    [NotAudited]
    public long TotpLastStep { get; private set; }

    [NotAudited]
    public DateTimeOffset? LastLoginAt { get; private set; }
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; set; } = 1;

    public List<UserRole> Roles { get; init; } = [];

    public bool IsLocked(DateTimeOffset now) => LockedUntil > now;

    /// <summary>Null, or <c>auth.locked</c> with the time to wait.</summary>
    public Error? RefuseWhileLocked(DateTimeOffset now) => IsLocked(now) ? AuthErrors.Locked(LockedUntil!.Value - now) : null;

    /// <summary>Counts a wrong password or code. True when this one locked the account.</summary>
    public bool SignInFailed(DateTimeOffset now)
    {
        if (++FailedSignIns < FailuresBeforeLock)
        {
            return false;
        }

        FailedSignIns = 0;
        LockedUntil = now + LockLength;
        return true;
    }

    public void SignedIn(DateTimeOffset now)
    {
        FailedSignIns = 0;
        LockedUntil = null;
        LastLoginAt = now;
    }

    public void Unlock()
    {
        FailedSignIns = 0;
        LockedUntil = null;
    }

    /// <summary>A new password, chosen by the user himself or given by an administrator (then he must change it).</summary>
    public void SetPassword(string hash, bool mustChange)
    {
        PasswordHash = hash;
        MustChangePassword = mustChange;
        Version++;
    }

    public Error? BeginTotp(byte[] sealedSecret)
    {
        if (TotpEnabled)
        {
            return AuthErrors.TotpAlreadyOn;
        }

        TotpSecret = sealedSecret;
        TotpLastStep = 0;
        Version++;
        return null;
    }

    public void EnableTotp()
    {
        TotpEnabled = true;
        Version++;
    }

    public void DropTotp()
    {
        TotpSecret = null;
        TotpEnabled = false;
        TotpLastStep = 0;
        Version++;
    }

    /// <summary>Takes a code's step; false when it, or a later one, was used before.</summary>
    public bool UseTotpStep(long step)
    {
        if (step <= TotpLastStep)
        {
            return false;
        }

        TotpLastStep = step;
        return true;
    }
}

/// <summary>A role held by a user, for good or until a time.</summary>
internal sealed class UserRole
{
    public required Guid TenantId { get; init; }
    public required Guid UserId { get; init; }
    public required Guid RoleId { get; init; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset GrantedAt { get; init; }
}
