using System.Buffers.Text;
using System.Security.Cryptography;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Secrets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Platform.Identity;

/// <summary>
/// The RS256 keys of access tokens. The newest that is not retired signs; older ones verify until the last token they signed has expired.
/// Kept sealed in the database, so that every web process signs with the same key and knows the others'.
/// </summary>
internal sealed class SigningKeys(Databases databases, SecretBox box, TimeProvider clock, ILogger<SigningKeys> log) : IDisposable
{
    /// <summary>After this long a key is retired and a new one signs.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(90);
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeastBetweenReads = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim gate = new(1, 1);
    private Set? known;

    public async Task<SigningKey> CurrentAsync(CancellationToken ct)
    {
        var set = await SetAsync(Fresh, ct);
        if (Signer(set) is { } key)
        {
            return key;
        }

        await gate.WaitAsync(ct);
        try
        {
            known = await ReadAsync(makeWhenNone: true, ct);
            return Signer(known)!;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The key with this id; looks again in the database when it is not known, because another process may have made it.</summary>
    public async Task<SigningKey?> FindAsync(string kid, CancellationToken ct)
    {
        var set = await SetAsync(Fresh, ct);
        var key = set.Find(kid) ?? (await SetAsync(LeastBetweenReads, ct)).Find(kid);
        return key is null || IsForgotten(key) ? null : key;
    }

    public async Task<IReadOnlyList<SigningKey>> PublicAsync(CancellationToken ct)
    {
        await CurrentAsync(ct);
        return [.. (await SetAsync(Fresh, ct)).Keys.Where(k => !IsForgotten(k))];
    }

    /// <summary>Retires the current keys; the next token is signed by a new one.</summary>
    public async Task RotateAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE signing_keys SET retired_at = @now WHERE retired_at IS NULL",
                new { now = clock.GetUtcNow() },
                cancellationToken: ct
            )
        );
        known = null;
    }

    public void Dispose() => gate.Dispose();

    private SigningKey? Signer(Set set) =>
        set.Keys.FirstOrDefault(k => k.CanSign && k.RetiredAt is null && k.CreatedAt > clock.GetUtcNow() - Life);

    private bool IsForgotten(SigningKey key) => (key.RetiredAt ?? key.CreatedAt + Life) + Overlap < clock.GetUtcNow();

    private async Task<Set> SetAsync(TimeSpan age, CancellationToken ct)
    {
        if (known is { } set && set.ReadAt > clock.GetUtcNow() - age)
        {
            return set;
        }

        await gate.WaitAsync(ct);
        try
        {
            return known is { } read && read.ReadAt > clock.GetUtcNow() - age ? read : known = await ReadAsync(makeWhenNone: false, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    private Task<Set> ReadAsync(bool makeWhenNone, CancellationToken ct) =>
        databases.ReadAsync(DatabaseRole.Platform, connection => ReadAsync(connection, makeWhenNone, ct), ct);

    private async Task<Set> ReadAsync(NpgsqlConnection connection, bool makeWhenNone, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (makeWhenNone)
        {
            // One process makes the key; the others wait here and then find it.
            await connection.ExecuteAsync(
                "SELECT pg_advisory_xact_lock(hashtextextended('dotmac.signing_keys', 1))",
                transaction: transaction
            );
        }

        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(
                "SELECT kid, private_key, public_key, created_at, retired_at FROM signing_keys WHERE created_at > @since ORDER BY created_at DESC",
                new { since = clock.GetUtcNow() - Life - Life },
                transaction,
                cancellationToken: ct
            )
        );
        var set = new Set(clock.GetUtcNow(), [.. rows.Select(Open)]);
        if (makeWhenNone && Signer(set) is null)
        {
            var made = Make(out var row);
            await connection.ExecuteAsync(
                new CommandDefinition(
                    "INSERT INTO signing_keys (kid, private_key, public_key, created_at) VALUES (@Kid, @PrivateKey, @PublicKey, @CreatedAt)",
                    row,
                    transaction,
                    cancellationToken: ct
                )
            );
            set = set with { Keys = [made, .. set.Keys] };
        }

        await transaction.CommitAsync(ct);
        return set;
    }

    private SigningKey Make(out Row row)
    {
        var rsa = RSA.Create(2048);
        var publicKey = rsa.ExportSubjectPublicKeyInfo();
        var kid = Base64Url.EncodeToString(SHA256.HashData(publicKey).AsSpan(0, 12));
        var sealedKey = box.Seal(SecretPurpose.SigningKey, Convert.ToBase64String(rsa.ExportPkcs8PrivateKey()));
        row = new Row(kid, sealedKey, publicKey, clock.GetUtcNow(), null);
        return new SigningKey(kid, rsa, true, row.CreatedAt, null);
    }

    private SigningKey Open(Row row)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportPkcs8PrivateKey(Convert.FromBase64String(box.Open(SecretPurpose.SigningKey, row.PrivateKey)), out _);
            return new SigningKey(row.Kid, rsa, true, row.CreatedAt, row.RetiredAt);
        }
        catch (CryptographicException)
        {
            // Sealed by another installation's keys: it can still verify, and another key will sign.
            log.LogWarning("The signing key {Kid} cannot be opened with this installation's keys; it only verifies", row.Kid);
            rsa.ImportSubjectPublicKeyInfo(row.PublicKey, out _);
            return new SigningKey(row.Kid, rsa, false, row.CreatedAt, row.RetiredAt);
        }
    }

    private sealed record Row(string Kid, byte[] PrivateKey, byte[] PublicKey, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt);

    private sealed record Set(DateTimeOffset ReadAt, IReadOnlyList<SigningKey> Keys)
    {
        public SigningKey? Find(string kid) => Keys.FirstOrDefault(k => k.Kid == kid);
    }
}

internal sealed record SigningKey(string Kid, RSA Rsa, bool CanSign, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt);
