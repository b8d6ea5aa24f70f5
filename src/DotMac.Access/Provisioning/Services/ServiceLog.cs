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

    /// <summary>A change of a line in service failed and was undone.</summary>
    public async Task TurnedBackAsync(AccessDb db, Guid subscriber, string what, StepContext step, CancellationToken ct)
    {
        if (await db.ServiceOfAsync(subscriber, ct) is { } service)
        {
            var note = new ServiceNote($"Everything that was done has been undone: {what}.", step.RunId, "change.undone");
            await AddAsync(service, ServiceEventType.ModificationFailed, service.Status, ct, note);
        }
    }

    private DateTimeOffset last;

    /// <param name="from">The service's status before.</param>
    public Task AddAsync(
        ServiceInstance service,
        ServiceEventType type,
        ServiceStatus from,
        CancellationToken ct,
        ServiceNote? note = null
    ) =>
        work.Connection.ExecuteAsync(
            new CommandDefinition(
                Insert,
                new
                {
                    work.TenantId,
                    id = NextId(),
                    ServiceId = service.Id,
                    at = clock.GetUtcNow(),
                    type = (short)type,
                    from = (short)from,
                    to = (short)service.Status,
                    succeeded = note?.ErrorCode is null,
                    note?.ErrorCode,
                    note?.Message,
                    RunId = note?.RunId ?? service.RunId,
                    actor = caller.Value.Name,
                    data = note?.Data is null ? null : JsonSerializer.Serialize(note.Data, Provisioned.Json),
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
