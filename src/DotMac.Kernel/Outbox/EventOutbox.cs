using System.Text.Json;
using Dapper;
using DotMac.Kernel.Data;

namespace DotMac.Kernel.Outbox;

/// <summary>The events of one unit of work: written to the outbox in its transaction, dispatched after its commit, at least once.</summary>
public sealed class EventOutbox(EventCatalog catalog)
{
    private readonly List<object> events = [];

    public void Publish(object happened) => events.Add(happened);

    internal void Clear() => events.Clear();

    internal void MoveTo(EventOutbox other)
    {
        other.events.AddRange(events);
        events.Clear();
    }

    internal async Task WriteAsync(UnitOfWork work, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return;
        }

        var tenantId = work.TenantId ?? throw new InvalidOperationException("An event needs a pinned tenant.");
        foreach (var happened in events)
        {
            await work.Connection.ExecuteAsync(
                new CommandDefinition(
                    "INSERT INTO outbox (tenant_id, id, type, payload) VALUES (@tenantId, @id, @type, @payload::jsonb)",
                    new
                    {
                        tenantId,
                        id = Guid.CreateVersion7(),
                        type = catalog.NameOf(happened.GetType()),
                        payload = JsonSerializer.Serialize(happened, happened.GetType(), EventCatalog.Json),
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
        }

        await work.Connection.ExecuteAsync(
            new CommandDefinition("NOTIFY dotmac_outbox", transaction: work.Transaction, cancellationToken: ct)
        );
        events.Clear();
    }
}
