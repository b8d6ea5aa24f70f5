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
    private const int Some = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await databases.OpenListenerAsync(stoppingToken);
                await listener.ExecuteAsync(new CommandDefinition("LISTEN dotmac_outbox", cancellationToken: stoppingToken));
                while (true)
                {
                    while (await DispatchSomeAsync(stoppingToken)) { }

                    var lookedAt = clock.GetTimestamp();
                    await listener.WaitAsync(Poll, stoppingToken);
                    await listener.GatherAsync(Breath, lookedAt, clock, stoppingToken);
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

    /// <summary>Takes the events that are due, oldest first, delivers each, and marks them; false when none is due.</summary>
    internal async Task<bool> DispatchSomeAsync(CancellationToken ct)
    {
        await using var connection = await databases.Platform.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var due = (
            await connection.QueryAsync<Row>(
                new CommandDefinition(
                    """
                    SELECT tenant_id, id, type, payload::text AS payload, attempts FROM outbox
                    WHERE dispatched_at IS NULL AND dead_at IS NULL AND next_attempt_at <= now()
                    ORDER BY next_attempt_at, id LIMIT @Some FOR UPDATE SKIP LOCKED
                    """,
                    new { Some },
                    transaction,
                    cancellationToken: ct
                )
            )
        ).AsList();
        if (due.Count == 0)
        {
            return false;
        }

        // Those that come no more this time are left for the next: a stop, or a slow one, must not have the others delivered again.
        var refusals = new List<string?>();
        var since = clock.GetTimestamp();
        foreach (
            var happened in due.TakeWhile(_ =>
                refusals.Count == 0 || (!ct.IsCancellationRequested && clock.GetElapsedTime(since) < Patience)
            )
        )
        {
            string? refusal;
            try
            {
                refusal = await DeliverAsync(happened, ct);
            }
            catch (OperationCanceledException) when (refusals.Count > 0)
            {
                break;
            }

            refusals.Add(refusal);
            if (refusal is not null)
            {
                log.LogWarning(
                    "Event {Type} {Id} of tenant {Tenant} failed: {Reason}",
                    happened.Type,
                    happened.Id,
                    happened.TenantId,
                    refusal
                );
            }
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE outbox o SET attempts = o.attempts + 1, dispatched_at = CASE WHEN d.refusal IS NULL THEN clock_timestamp() END,
                    last_error = coalesce(d.refusal, o.last_error),
                    next_attempt_at = CASE WHEN d.refusal IS NULL THEN o.next_attempt_at
                        ELSE clock_timestamp() + least(power(2, o.attempts + 1), 3600) * interval '1 second' END,
                    dead_at = CASE WHEN d.refusal IS NOT NULL AND o.attempts + 1 >= @MostAttempts THEN clock_timestamp() END
                FROM unnest(@tenants, @ids, @refusals) AS d (tenant_id, id, refusal)
                WHERE o.tenant_id = d.tenant_id AND o.id = d.id
                """,
                new
                {
                    tenants = due.Take(refusals.Count).Select(d => d.TenantId).ToArray(),
                    ids = due.Take(refusals.Count).Select(d => d.Id).ToArray(),
                    refusals = refusals.ToArray(),
                    MostAttempts,
                },
                transaction,
                cancellationToken: CancellationToken.None
            )
        );
        await transaction.CommitAsync(CancellationToken.None);
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
            if (!kind.IsHandled(scope.ServiceProvider))
            {
                return null;
            }

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
