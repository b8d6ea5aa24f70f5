using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Checks the code of an account that has two-step sign-in: a TOTP code, or a recovery code. Each is taken once.</summary>
internal sealed class SecondFactor(PlatformDb db, SecretBox box, TimeProvider clock)
{
    /// <summary>Null when the account needs none or it was right; else <c>auth.totp_required</c> or <c>auth.totp_invalid</c>.</summary>
    public async Task<Error?> RefuseAsync(User user, string? totpCode, string? recoveryCode, CancellationToken ct)
    {
        if (!user.TotpEnabled)
        {
            return null;
        }

        if (!string.IsNullOrWhiteSpace(totpCode))
        {
            return Accepts(user, totpCode) ? null : AuthErrors.TotpInvalid;
        }

        if (string.IsNullOrWhiteSpace(recoveryCode))
        {
            return AuthErrors.TotpRequired;
        }

        var hash = Tokens.HashRecoveryCode(recoveryCode);
        var code = await db.RecoveryCodes.SingleOrDefaultAsync(
            c => c.TenantId == user.TenantId && c.UserId == user.Id && c.Hash == hash && c.UsedAt == null,
            ct
        );
        if (code is null)
        {
            return AuthErrors.TotpInvalid;
        }

        code.UsedAt = clock.GetUtcNow();
        return null;
    }

    /// <summary>True when the code is right and neither it nor a later one was used before.</summary>
    public bool Accepts(User user, string code)
    {
        if (user.TotpSecret is null)
        {
            return false;
        }

        var secret = Convert.FromBase64String(box.Open(SecretPurpose.Totp, user.TotpSecret));
        return Totp.Match(secret, code.Trim(), clock.GetUtcNow()) is { } step && user.UseTotpStep(step);
    }
}
