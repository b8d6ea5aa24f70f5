using System.Text.Json;
using Dapper;
using DotMac.Access.Provisioning.Changes;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning.Services;

/// <summary>What happened to services: appended in the caller's unit of work, never changed.</summary>
internal sealed class ServiceLog(UnitOfWork work, CurrentCaller caller, TimeProvider clock)
{
    private const string Insert = """
        INSERT INTO service_events (tenant_id, id, service_id, at, type, from_status, to_status, succeeded, error_code, message, run_id, actor, data)
        VALUES (@TenantId, @id, @ServiceId, @at, @type, @from, @to, @succeeded, @ErrorCode, @Message, @RunId, @actor, @data::jsonb)
        """;

    public const string Undone = "change.undone";

    /// <summary>A change of a line in service failed and was undone: of a run that was begun before <see cref="TellFailure{TState}"/> was there.</summary>
    public async Task TurnedBackAsync(AccessDb db, IToldOf change, StepContext step, CancellationToken ct)
    {
        if (!change.HasBegun && await db.ServiceOfAsync(change.SubscriberId, ct) is { } service)
        {
            var note = new ServiceNote($"Everything that was done has been undone: {change.InWords()}.", step.RunId, Undone);
            await AddAsync(service, ServiceEventType.ModificationFailed, service.Status, ct, note);
        }
    }

    /// <summary>What was noted when a change of the service was ordered, for people: "VLAN, ONU".</summary>
    public Task<string?> OrderedAsync(Guid service, Guid run, CancellationToken ct) =>
        work.Connection.QueryFirstOrDefaultAsync<string>(
            new CommandDefinition(
                "SELECT message FROM service_events WHERE service_id = @service AND run_id = @run AND type = @type",
                new
                {
                    service,
                    run,
                    type = (short)ServiceEventType.ModificationRequested,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );

    private DateTimeOffset last;

    /// <param name="from">The service's status before.</param>
    public Task AddAsync(
        ServiceInstance service,
        ServiceEventType type,
        ServiceStatus from,
        CancellationToken ct,
        ServiceNote? note = null
    ) => AppendAsync(service.Id, type, from, service.Status, note ?? new ServiceNote(), note?.RunId ?? service.RunId, ct);

    /// <summary>Of a service whose status stays.</summary>
    public Task AddAsync(Guid service, ServiceStatus status, ServiceEventType type, ServiceNote note, CancellationToken ct) =>
        AppendAsync(service, type, status, status, note, note.RunId, ct);

    private Task<int> AppendAsync(
        Guid service,
        ServiceEventType type,
        ServiceStatus from,
        ServiceStatus to,
        ServiceNote note,
        Guid? run,
        CancellationToken ct
    ) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                Insert,
                new
                {
                    work.TenantId,
                    id = NextId(),
                    ServiceId = service,
                    at = clock.GetUtcNow(),
                    type = (short)type,
                    from = (short)from,
                    to = (short)to,
                    succeeded = note.ErrorCode is null,
                    note.ErrorCode,
                    note.Message,
                    RunId = run,
                    actor = caller.Value.Name,
                    data = note.Data is null ? null : JsonSerializer.Serialize(note.Data, Provisioned.Json),
                },
                work.Transaction,
                cancellationToken: ct
            )
        );

    /// <summary>Ids sort by milliseconds, and what happened is listed by them: what one step writes stays in its order.</summary>
    private Guid NextId()
    {
        var (now, least) = (clock.GetUtcNow(), last.AddMilliseconds(1));
        last = now < least ? least : now;
        return Guid.CreateVersion7(last);
    }
}

/// <summary>What is told beside the event itself. With an error code it did not succeed.</summary>
internal sealed record ServiceNote(string? Message = null, Guid? RunId = null, string? ErrorCode = null, object? Data = null);
