using System.Text.Json;
using DotMac.Kernel.Results;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Kernel.Outbox;

/// <summary>Reacts to an event, inside a unit of work pinned to the event's tenant. May be called more than once for one event.</summary>
public interface IHandleEvent<in TEvent>
{
    /// <summary>Null when done; a refusal is logged and tried again later.</summary>
    Task<Error?> Handle(TEvent happened, CancellationToken ct);
}

/// <summary>One kind of event: its stable name, its shape, whether anybody here reacts to it, and how he is told.</summary>
public sealed record EventKind(
    string Name,
    Type Type,
    Func<IServiceProvider, bool> IsHandled,
    Func<IServiceProvider, string, CancellationToken, Task<Error?>> Deliver
)
{
    public static EventKind Of<TEvent>(string name) =>
        new(
            name,
            typeof(TEvent),
            services => services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IHandleEvent<TEvent>)),
            async (services, payload, ct) =>
            {
                var happened = JsonSerializer.Deserialize<TEvent>(payload, EventCatalog.Json)!;
                foreach (var handler in services.GetServices<IHandleEvent<TEvent>>())
                {
                    if (await handler.Handle(happened, ct) is { } refusal)
                    {
                        return refusal;
                    }
                }

                return null;
            }
        );
}

/// <summary>All events by name. Names and shapes only ever grow (golden file).</summary>
public sealed class EventCatalog(IEnumerable<EventKind> kinds)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly Dictionary<string, EventKind> byName = kinds.ToDictionary(k => k.Name, StringComparer.Ordinal);
    private readonly Dictionary<Type, string> names = kinds.ToDictionary(k => k.Type, k => k.Name);

    public IEnumerable<EventKind> Kinds => byName.Values;

    public string NameOf(Type type) =>
        names.TryGetValue(type, out var name) ? name : throw new InvalidOperationException($"{type} is not in the event catalogue.");

    public EventKind? Find(string name) => byName.GetValueOrDefault(name);
}
