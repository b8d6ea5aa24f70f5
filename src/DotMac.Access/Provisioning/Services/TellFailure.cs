using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Services;

/// <summary>What the history of a service says of a run that failed.</summary>
internal interface IToldOf
{
    Guid SubscriberId { get; }

    /// <summary>Its first step is done: when the run is undone, that tells why.</summary>
    bool HasBegun { get; set; }

    ServiceEventType Failure();

    /// <summary>For people: what was to be done.</summary>
    string InWords();
}

/// <summary>
/// First of all steps: does nothing, and is therefore undone also when the very next one fails. Undone, it tells the service's history why the
/// run turned back. That stands in the run when the intent of this undoing is committed: so it calls out, and opens a transaction of its own.
/// A run that turns back before it was begun was cancelled; there is nothing to read, and it is told with the end of the run.
/// </summary>
internal sealed class TellFailure<TState>(UnitOfWork work, ServiceLog log) : ISagaAction<TState>
    where TState : class, IToldOf
{
    // A statement of its own: what another worker told while this one waited for it must be seen by the next.
    private const string Lock = "SELECT FROM saga_runs WHERE id = @RunId FOR UPDATE";

    private const string Why = """
        SELECT i.id AS service, i.status, r.error_code, r.error_message FROM saga_runs r
        JOIN service_instances i ON i.tenant_id = r.tenant_id AND i.subscriber_id = @SubscriberId AND i.status NOT IN (3, 11)
        WHERE r.id = @RunId AND NOT EXISTS (SELECT 1 FROM service_events e WHERE e.service_id = i.id AND e.run_id = r.id AND e.data ->> 'told_by' = @Key)
        """;

    /// <summary>The first step of a definition.</summary>
    public static SagaStep Step { get; } = SagaStep.Of<TellFailure<TState>>("note_order", "services") with { IsAlwaysUndone = true };

    public ValueTask<bool> CallsOutAsync(TState state, CancellationToken ct) => ValueTask.FromResult(state.HasBegun);

    public Task<StepResult> RunAsync(TState state, StepContext step, CancellationToken ct)
    {
        state.HasBegun = true;
        return Task.FromResult(StepResult.Ok());
    }

    public async Task<StepResult> UndoAsync(TState state, StepContext step, CancellationToken ct)
    {
        if (!state.HasBegun)
        {
            return await TellAsync(state, step, ct);
        }

        // Given back at once: the run's next transaction is opened before this step is let go.
        await using var own = work;
        await work.BeginAsync(DatabaseRole.App, step.TenantId, ct);
        var told = await TellAsync(state, step, ct);
        await work.CommitAsync(ct);
        return told;
    }

    private async Task<StepResult> TellAsync(TState state, StepContext step, CancellationToken ct)
    {
        var values = new
        {
            state.SubscriberId,
            step.RunId,
            step.Key,
        };
        await work.Connection.ExecuteAsync(new CommandDefinition(Lock, values, work.Transaction, cancellationToken: ct));
        var why = await work.Connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(Why, values, work.Transaction, cancellationToken: ct)
        );
        if (why is null)
        {
            return StepResult.Skip("No service has a history of it, or it was told before.");
        }

        var (code, message) = state.HasBegun ? (why.ErrorCode, why.ErrorMessage) : (RunErrors.Cancelled, "It was cancelled.");
        var note = new ServiceNote(
            $"{message} Everything that was done has been undone: {state.InWords()}.".TrimStart(),
            step.RunId,
            code ?? ServiceLog.Undone,
            new { told_by = step.Key }
        );
        await log.AddAsync(why.Service, (ServiceStatus)why.Status, state.Failure(), note, ct);
        return StepResult.Ok(new { told = code });
    }

    private sealed record Row(Guid Service, short Status, string? ErrorCode, string? ErrorMessage);
}
