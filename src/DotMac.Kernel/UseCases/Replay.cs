using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Kernel.UseCases;

/// <summary>
/// Idempotency-Key: the first answer is kept, encrypted, in the same transaction as its effect; the same key with the same
/// command gets it again, the same key with another command is refused as <c>idempotency.mismatch</c>.
/// </summary>
internal sealed class Replay<TCommand, TResponse>
{
    private static readonly Error Mismatch = new(
        ErrorKind.Unprocessable,
        "idempotency.mismatch",
        "This Idempotency-Key was used before with another request. Use a new key for a new request."
    );

    private readonly Guid tenantId;
    private readonly string key;
    private readonly byte[] fingerprint;
    private readonly SecretBox box;

    private Replay(Guid tenantId, string key, byte[] fingerprint, SecretBox box)
    {
        this.tenantId = tenantId;
        this.key = key;
        this.fingerprint = fingerprint;
        this.box = box;
    }

    public static Replay<TCommand, TResponse>? For(IServiceProvider services, CurrentCaller current, TCommand command)
    {
        if (current.IdempotencyKey is not { Length: > 0 } key || current.Value.TenantId is not { } tenantId)
        {
            return null;
        }

        // The fingerprint is keyed by the caller too: two users may pick the same key.
        var content = JsonSerializer.SerializeToUtf8Bytes(command);
        var name = System.Text.Encoding.UTF8.GetBytes($"{typeof(TCommand).FullName}\n{current.Value.Id}\n");
        return new Replay<TCommand, TResponse>(
            tenantId,
            $"{current.Value.Id}:{key}",
            SHA256.HashData([.. name, .. content]),
            services.GetRequiredService<SecretBox>()
        );
    }

    public async Task<Result<TResponse>?> StoredAsync(UnitOfWork work, CancellationToken ct)
    {
        // Serialises callers that race with one key: the second waits here and then finds the first one's answer.
        await work.Connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT pg_advisory_xact_lock(hashtextextended(@key, 7))",
                new { key = $"{tenantId}:{key}" },
                work.Transaction,
                cancellationToken: ct
            )
        );
        var row = await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(
                "SELECT fingerprint, response FROM idempotency_keys WHERE tenant_id = @tenantId AND key = @key",
                new { tenantId, key },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return row switch
        {
            null => (Result<TResponse>?)null,
            _ when !row.Fingerprint.AsSpan().SequenceEqual(fingerprint) => Mismatch,
            _ => (Result<TResponse>)JsonSerializer.Deserialize<TResponse>(box.Open(SecretPurpose.Replay, row.Response))!,
        };
    }

    public Task StoreAsync(UnitOfWork work, TResponse response, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                "INSERT INTO idempotency_keys (tenant_id, key, fingerprint, response) VALUES (@tenantId, @key, @fingerprint, @response) ON CONFLICT DO NOTHING",
                new
                {
                    tenantId,
                    key,
                    fingerprint,
                    response = box.Seal(SecretPurpose.Replay, JsonSerializer.Serialize(response)),
                },
                work.Transaction,
                cancellationToken: ct
            )
        );

    private sealed record Row(byte[] Fingerprint, byte[] Response);
}
