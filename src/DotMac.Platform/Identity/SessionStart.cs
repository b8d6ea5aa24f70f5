using DotMac.Kernel.UseCases;

namespace DotMac.Platform.Identity;

/// <summary>What a client gets when it signs in or refreshes. For a browser both tokens are null: the cookie stands for them.</summary>
/// <param name="ExpiresIn">Seconds until the access token (or the idle cookie) ends.</param>
public sealed record SignInResponse(string? AccessToken, string? RefreshToken, int ExpiresIn, string TokenType = "Bearer");

/// <summary>Begins a session and hands out its tokens.</summary>
internal sealed class SessionStart(PlatformDb db, AccessTokens tokens, CurrentCaller current, TimeProvider clock)
{
    /// <summary>A browser's session; answers the cookie.</summary>
    public string ForBrowser(User user, string? userAgent)
    {
        var cookie = Tokens.New();
        Add(user, userAgent, Tokens.Hash(cookie), UserSession.BrowserLimit);
        return cookie;
    }

    /// <summary>An API client's session.</summary>
    public async Task<SignInResponse> ForClientAsync(User user, string? userAgent, CancellationToken ct) =>
        await NextAsync(Add(user, userAgent, null, UserSession.RefreshLimit), ct);

    /// <summary>The next access token and the next refresh token of a session.</summary>
    public async Task<SignInResponse> NextAsync(UserSession session, CancellationToken ct)
    {
        var refresh = Tokens.New();
        var now = clock.GetUtcNow();
        db.RefreshTokens.Add(
            new RefreshToken
            {
                TenantId = session.TenantId,
                Hash = Tokens.Hash(refresh),
                SessionId = session.Id,
                CreatedAt = now,
                ExpiresAt = session.ExpiresAt,
            }
        );
        var access = await tokens.IssueAsync(session.TenantId, session.UserId, session.Id, ct);
        return new SignInResponse(access, refresh, (int)AccessTokens.Life.TotalSeconds);
    }

    private UserSession Add(User user, string? userAgent, byte[]? cookieHash, TimeSpan limit)
    {
        var now = clock.GetUtcNow();
        var session = new UserSession
        {
            TenantId = user.TenantId,
            Id = Guid.CreateVersion7(now),
            UserId = user.Id,
            TokenHash = cookieHash,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + limit,
            Ip = current.Value.Ip,
            UserAgent = userAgent is { Length: > 300 } ? userAgent[..300] : userAgent,
        };
        db.Sessions.Add(session);
        return session;
    }
}
