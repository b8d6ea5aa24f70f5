using System.Text.Json;
using DotMac.Kernel.Results;
using Microsoft.Extensions.Options;

namespace DotMac.Platform.Identity;

/// <summary>Who an access token speaks for. What he may do is read from the database at each request.</summary>
internal sealed record AccessClaims(Guid UserId, Guid SessionId);

/// <summary>JWT access tokens (RFC 7519): RS256, 30 minutes, one issuer, one audience.</summary>
internal sealed class AccessTokens(SigningKeys keys, IOptions<AuthOptions> options, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    public async Task<string> IssueAsync(Guid tenantId, Guid userId, Guid sessionId, CancellationToken ct)
    {
        var key = await keys.CurrentAsync(ct);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var header = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                alg = "RS256",
                typ = "JWT",
                kid = key.Kid,
            }
        );
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                iss = options.Value.Issuer,
                aud = options.Value.Audience,
                sub = userId,
                tid = tenantId,
                sid = sessionId,
                jti = Guid.CreateVersion7(),
                iat = now,
                nbf = now,
                exp = now + (long)Life.TotalSeconds,
            }
        );
        return Jws.Sign(key.Rsa, header, payload);
    }

    public async Task<Result<AccessClaims>> ReadAsync(string token, CancellationToken ct)
    {
        if (Jws.Read(token) is not { } parts || Read<Header>(parts.Header) is not { } header)
        {
            return AuthErrors.TokenInvalid;
        }

        // The algorithm is pinned: "none" and HS256 with the public key as secret are the classic forgeries.
        if (header.Alg != "RS256" || header.Kid is null || header.Crit is not null)
        {
            return AuthErrors.TokenInvalid;
        }

        if (await keys.FindAsync(header.Kid, ct) is not { } key || !Jws.Verify(key.Rsa, parts))
        {
            return AuthErrors.TokenInvalid;
        }

        if (Read<Payload>(parts.Payload) is not { } payload || payload.Iss != options.Value.Issuer || payload.Aud != options.Value.Audience)
        {
            return AuthErrors.TokenInvalid;
        }

        var now = clock.GetUtcNow();
        if (payload.Exp is not { } exp || payload.Nbf is not { } nbf || payload.Sub is not { } user || payload.Sid is not { } session)
        {
            return AuthErrors.TokenInvalid;
        }

        if (nbf > (now + Skew).ToUnixTimeSeconds())
        {
            return AuthErrors.TokenInvalid;
        }

        return exp <= now.ToUnixTimeSeconds() ? AuthErrors.SessionExpired : new AccessClaims(user, session);
    }

    private static T? Read<T>(byte[] json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Header(string? Alg, string? Kid, JsonElement? Crit);

    private sealed record Payload(string? Iss, string? Aud, Guid? Sub, Guid? Sid, long? Exp, long? Nbf);
}
