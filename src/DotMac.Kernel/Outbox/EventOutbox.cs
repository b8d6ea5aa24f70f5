using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace DotMac.Kernel.Outbox;

/// <summary>The events of one unit of work: written to the outbox in its transaction, dispatched after its commit, at least once.</summary>
public sealed class EventOutbox(EventCatalog catalog, TimeProvider clock)
{
    private readonly List<object> events = [];

    public void Publish(object happened) => events.Add(happened);

    internal void Clear() => events.Clear();

    internal void MoveTo(EventOutbox other)
    {
        other.events.AddRange(events);
        events.Clear();
    }

    /// <summary>Adds what writes the events to what is sent with the commit.</summary>
    internal void AddTo(NpgsqlBatch commit, Guid? tenant)
    {
        if (events.Count == 0)
        {
            return;
        }

        var tenantId = tenant ?? throw new InvalidOperationException("An event needs a pinned tenant.");
        // Of one transaction: dispatched by id, in the order in which they happened, though all in one millisecond.
        var at = clock.GetUtcNow();
        foreach (var happened in events)
        {
            at = at.AddMilliseconds(1);
            var insert = new NpgsqlBatchCommand("INSERT INTO outbox (tenant_id, id, type, payload) VALUES ($1, $2, $3, $4)");
            insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = tenantId });
            insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(at) });
            insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = catalog.NameOf(happened.GetType()) });
            insert.Parameters.Add(
                new NpgsqlParameter<string>
                {
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                    TypedValue = JsonSerializer.Serialize(happened, happened.GetType(), EventCatalog.Json),
                }
            );
            commit.BatchCommands.Add(insert);
        }

        commit.BatchCommands.Add(new NpgsqlBatchCommand("NOTIFY dotmac_outbox"));
        events.Clear();
    }
}
