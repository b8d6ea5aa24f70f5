using DotMac.Kernel.UseCases;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Ends sessions of a user.</summary>
internal sealed class UserSessions(PlatformDb db, CurrentCaller current, TimeProvider clock)
{
    /// <summary>All of them.</summary>
    public Task RevokeAllAsync(Guid userId, string reason, CancellationToken ct) => RevokeAsync(userId, null, reason, ct);

    /// <summary>All but the one that this request came with.</summary>
    public Task RevokeOthersAsync(Guid userId, string reason, CancellationToken ct) =>
        RevokeAsync(userId, current.Value.SessionId, reason, ct);

    private async Task RevokeAsync(Guid userId, Guid? except, string reason, CancellationToken ct)
    {
        var sessions = await db.Sessions.Where(s => s.UserId == userId && s.RevokedAt == null && s.Id != except).ToListAsync(ct);
        foreach (var session in sessions)
        {
            session.Revoke(clock.GetUtcNow(), reason);
        }
    }
}
