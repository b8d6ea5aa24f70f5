using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DotMac.Kernel.Outbox;

/// <summary>
/// Delivers committed events: woken by <c>NOTIFY dotmac_outbox</c>, and every few seconds regardless. Several workers may run;
/// <c>FOR UPDATE SKIP LOCKED</c> gives each its own rows. A failing event is tried again after 2 s, 4 s, … at most an hour apart,
/// and set aside after <see cref="MostAttempts"/>.
/// </summary>
public sealed class OutboxDispatcher(
    Databases databases,
    IServiceScopeFactory scopes,
    EventCatalog catalog,
    TimeProvider clock,
    ILogger<OutboxDispatcher> log
) : BackgroundService
{
    public const int MostAttempts = 12;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await databases.Platform.OpenConnectionAsync(stoppingToken);
                await listener.ExecuteAsync(new CommandDefinition("LISTEN dotmac_outbox", cancellationToken: stoppingToken));
                while (true)
                {
                    while (await DispatchOneAsync(stoppingToken)) { }

                    await listener.WaitAsync(Poll, stoppingToken);
                }
            }
            catch (Exception e)
                when (e is NpgsqlException or InvalidOperationException or TimeoutException or IOException
                    && !stoppingToken.IsCancellationRequested
                )
            {
                log.LogWarning("Outbox waits for the database: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Takes one due event, delivers it, and marks it; false when none is due.</summary>
    internal async Task<bool> DispatchOneAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var due = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(
                """
                SELECT tenant_id, id, type, payload::text AS payload, attempts FROM outbox
                WHERE dispatched_at IS NULL AND dead_at IS NULL AND next_attempt_at <= now()
                ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
                """,
                transaction: transaction,
                cancellationToken: ct
            )
        );
        if (due is null)
        {
            return false;
        }

        var refusal = await DeliverAsync(due, ct);
        if (refusal is not null)
        {
            log.LogWarning("Event {Type} {Id} of tenant {Tenant} failed: {Reason}", due.Type, due.Id, due.TenantId, refusal);
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                refusal is null
                    ? "UPDATE outbox SET dispatched_at = now(), attempts = attempts + 1 WHERE tenant_id = @TenantId AND id = @Id"
                    : """
                    UPDATE outbox SET attempts = attempts + 1, last_error = @refusal,
                        next_attempt_at = now() + least(power(2, attempts + 1), 3600) * interval '1 second',
                        dead_at = CASE WHEN attempts + 1 >= @MostAttempts THEN now() END
                    WHERE tenant_id = @TenantId AND id = @Id
                    """,
                new
                {
                    due.TenantId,
                    due.Id,
                    refusal,
                    MostAttempts,
                },
                transaction,
                cancellationToken: ct
            )
        );
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task<string?> DeliverAsync(Row due, CancellationToken ct)
    {
        if (catalog.Find(due.Type) is not { } kind)
        {
            return $"No event of the name {due.Type} is known to this version.";
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<CurrentCaller>().Value = Caller.System(due.TenantId, $"event {due.Type}");
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            await work.BeginAsync(DatabaseRole.App, due.TenantId, ct);
            if (await kind.Deliver(scope.ServiceProvider, due.Payload, ct) is { } refusal)
            {
                return $"{refusal.Code}: {refusal.Message}";
            }

            await work.CommitAsync(ct);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Event {Type} {Id} threw", due.Type, due.Id);
            return e.Message;
        }
    }

    private sealed record Row(Guid TenantId, Guid Id, string Type, string Payload, int Attempts);
}
