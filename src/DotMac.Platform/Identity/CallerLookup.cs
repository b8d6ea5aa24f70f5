using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;

namespace DotMac.Platform.Identity;

/// <summary>Who a credential speaks for, as the database says at this moment.</summary>
internal sealed record Recognised(Caller Caller, bool MustChangePassword);

/// <summary>
/// Turns a cookie, an access token or an API key into a caller. The permissions are read from the database at each request, as the
/// platform role, because the tenant is not known before: whatever is revoked is revoked at once.
/// </summary>
internal sealed class CallerLookup(Databases databases, AccessTokens tokens, TimeProvider clock)
{
    // Which sessions and keys are valid stands here once, for every kind of credential.
    private const string OfUser = """
        SELECT s.id AS session_id, s.tenant_id, s.last_seen_at, u.id, u.email AS name, u.must_change_password, u.is_platform_admin,
               t.status AS tenant_status,
               ARRAY(SELECT DISTINCT rp.permission
                     FROM user_roles ur JOIN role_permissions rp ON rp.tenant_id = ur.tenant_id AND rp.role_id = ur.role_id
                     WHERE ur.tenant_id = u.tenant_id AND ur.user_id = u.id AND (ur.expires_at IS NULL OR ur.expires_at > @now)) AS permissions
        FROM user_sessions s
        JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
        JOIN tenants t ON t.tenant_id = s.tenant_id
        WHERE s.revoked_at IS NULL AND s.expires_at > @now AND u.is_active
        """;
    private const string ByCookie = OfUser + " AND s.token_hash = @hash AND s.last_seen_at > @idle";
    private const string BySession = OfUser + " AND s.id = @sessionId AND s.user_id = @userId AND s.token_hash IS NULL";
    private const string ByApiKey = """
        SELECT k.id, k.tenant_id, k.name, k.hash, k.permissions, k.last_used_at AS last_seen_at, t.status AS tenant_status
        FROM api_keys k JOIN tenants t ON t.tenant_id = k.tenant_id
        WHERE k.prefix = @prefix AND (k.expires_at IS NULL OR k.expires_at > @now)
        """;

    /// <summary>The last use is noted at most once in this time, so that reading does not mean writing.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromMinutes(1);

    public async Task<Result<Recognised>> OfCookieAsync(string cookie, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var row = await FindAsync<UserRow>(
            ByCookie,
            new
            {
                hash = Tokens.Hash(cookie),
                now,
                idle = now - UserSession.IdleLimit,
            },
            ct
        );
        return row is null ? AuthErrors.SessionExpired : await UserAsync(row, now, ct);
    }

    public async Task<Result<Recognised>> OfAccessTokenAsync(string token, CancellationToken ct)
    {
        var claims = await tokens.ReadAsync(token, ct);
        if (claims.Error is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        var (userId, sessionId) = claims.Value;
        var row = await FindAsync<UserRow>(
            BySession,
            new
            {
                sessionId,
                userId,
                now,
            },
            ct
        );
        return row is null ? AuthErrors.SessionExpired : await UserAsync(row, now, ct);
    }

    public async Task<Result<Recognised>> OfApiKeyAsync(string key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (Tokens.PrefixOf(key) is not { } prefix || await FindAsync<KeyRow>(ByApiKey, new { prefix, now }, ct) is not { } row)
        {
            return AuthErrors.ApiKeyInvalid;
        }

        if (!CryptographicOperations.FixedTimeEquals(row.Hash, Tokens.Hash(key)))
        {
            return AuthErrors.ApiKeyInvalid;
        }

        if (IsClosed(row.TenantStatus))
        {
            return AuthErrors.TenantClosed;
        }

        if (row.LastSeenAt is null || row.LastSeenAt < now - Notice)
        {
            await NoteAsync(
                "UPDATE api_keys SET last_used_at = @now WHERE tenant_id = @tenantId AND id = @id",
                row.TenantId,
                row.Id,
                now,
                ct
            );
        }

        return new Recognised(new Caller(row.TenantId, CallerKind.ApiKey, row.Id, row.Name, Set(row.Permissions)), false);
    }

    /// <summary>Suspended and cancelled tenants are closed.</summary>
    internal static bool IsClosed(short tenantStatus) => tenantStatus > 1;

    /// <summary>The address as text, IPv4 as IPv4 even on a dual-stack socket.</summary>
    internal static string? Text(IPAddress? address) => (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString();

    private async Task<Result<Recognised>> UserAsync(UserRow row, DateTimeOffset now, CancellationToken ct)
    {
        if (IsClosed(row.TenantStatus) && !row.IsPlatformAdmin)
        {
            return AuthErrors.TenantClosed;
        }

        if (row.LastSeenAt < now - Notice)
        {
            await NoteAsync(
                "UPDATE user_sessions SET last_seen_at = @now WHERE tenant_id = @tenantId AND id = @id",
                row.TenantId,
                row.SessionId,
                now,
                ct
            );
        }

        var permissions = row.IsPlatformAdmin ? row.Permissions.Concat(Permissions.OfPlatform) : row.Permissions;
        return new Recognised(
            new Caller(row.TenantId, CallerKind.User, row.Id, row.Name, Set(permissions), row.SessionId),
            row.MustChangePassword
        );
    }

    private static FrozenSet<string> Set(IEnumerable<string> permissions) => permissions.ToFrozenSet(StringComparer.Ordinal);

    private Task<T?> FindAsync<T>(string sql, object values, CancellationToken ct) =>
        databases.ReadAsync(
            DatabaseRole.Platform,
            connection => connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, values, cancellationToken: ct)),
            ct
        );

    private Task<int> NoteAsync(string sql, Guid tenantId, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        var values = new
        {
            tenantId,
            id,
            now,
        };
        return databases.ReadAsync(
            DatabaseRole.Platform,
            connection => connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: ct)),
            ct
        );
    }

    private sealed class UserRow
    {
        public Guid SessionId { get; init; }
        public Guid TenantId { get; init; }
        public DateTimeOffset LastSeenAt { get; init; }
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public bool MustChangePassword { get; init; }
        public bool IsPlatformAdmin { get; init; }
        public short TenantStatus { get; init; }
        public string[] Permissions { get; init; } = [];
    }

    private sealed class KeyRow
    {
        public Guid Id { get; init; }
        public Guid TenantId { get; init; }
        public string Name { get; init; } = "";
        public byte[] Hash { get; init; } = [];
        public string[] Permissions { get; init; } = [];
        public DateTimeOffset? LastSeenAt { get; init; }
        public short TenantStatus { get; init; }
    }
}
