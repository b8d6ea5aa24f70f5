using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>The ten single-use codes of an account with two-step sign-in.</summary>
internal sealed class RecoveryCodes(PlatformDb db)
{
    /// <summary>Makes ten new ones in place of the old; the clear texts are never seen again.</summary>
    public async Task<IReadOnlyList<string>> RenewAsync(User user, CancellationToken ct)
    {
        await ClearAsync(user, ct);
        var codes = Tokens.NewRecoveryCodes();
        db.RecoveryCodes.AddRange(
            codes.Select(c => new RecoveryCode
            {
                TenantId = user.TenantId,
                UserId = user.Id,
                Hash = Tokens.HashRecoveryCode(c),
            })
        );
        return codes;
    }

    public async Task ClearAsync(User user, CancellationToken ct) =>
        db.RecoveryCodes.RemoveRange(await db.RecoveryCodes.Where(c => c.UserId == user.Id).ToListAsync(ct));
}
