using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>The signed-in person's own account, and the proof that it is still he who sits there: his password, asked once more.</summary>
internal sealed class OwnAccount(
    PlatformDb db,
    UnitOfWork work,
    CurrentCaller current,
    Passwords passwords,
    AttemptLimits limits,
    AuditTrail audit,
    TimeProvider clock
)
{
    /// <summary>The account, its row locked until the end of the transaction. <b>Errors:</b> <c>auth.user_required</c> for an API key.</summary>
    public async Task<Result<User>> GetAsync(CancellationToken ct)
    {
        if (current.Value is not { Kind: CallerKind.User, Id: { } id })
        {
            return AuthErrors.UserRequired;
        }

        return await db.Users.FromSqlRaw("SELECT * FROM users WHERE id = {0} FOR UPDATE", id).SingleAsync(ct);
    }

    /// <summary>The account, when the password is right. A wrong one counts towards the lockout as at the sign-in.</summary>
    public async Task<Result<User>> ProveAsync(string field, string? password, CancellationToken ct)
    {
        if (new Faults().Text(field, password, 1, Passwords.Most).Error is { } invalid)
        {
            return invalid;
        }

        if (limits.Login(current.Value.Ip, current.Value.Name) is { } tooMany)
        {
            return tooMany;
        }

        var found = await GetAsync(ct);
        if (found.Error is not null)
        {
            return found;
        }

        var user = found.Value;
        var now = clock.GetUtcNow();
        var isRight = passwords.Verify(user.PasswordHash, password!, out _);
        if (user.RefuseWhileLocked(now) is { } locked)
        {
            return locked;
        }

        if (isRight)
        {
            return user;
        }

        work.KeepsOnRefusal = true;
        audit.Note("user.password_not_proven", "user", user.Id.ToString());
        if (user.SignInFailed(now))
        {
            audit.Note("user.locked", "user", user.Id.ToString());
        }

        await db.SaveChangesAsync(ct);
        return AuthErrors.InvalidCredentials;
    }
}
