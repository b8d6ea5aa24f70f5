using System.Collections.Concurrent;
using System.Text.Json;

namespace DotMac.Kernel.Sagas;

/// <summary>Calls the actions of a definition with its type of state.</summary>
internal abstract class StateShape
{
    private static readonly ConcurrentDictionary<Type, StateShape> Known = new();

    public static StateShape Of(Type state) =>
        Known.GetOrAdd(state, t => (StateShape)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(t))!);

    public abstract object Read(string json);

    public abstract ValueTask<bool> CallsOutAsync(object action, object state, CancellationToken ct);

    public abstract Task<StepResult> RunAsync(object action, object state, StepContext step, CancellationToken ct);

    public abstract Task<StepResult> UndoAsync(object action, object state, StepContext step, CancellationToken ct);

    private sealed class Typed<TState> : StateShape
        where TState : class
    {
        public override object Read(string json) => JsonSerializer.Deserialize<TState>(json, SagaJson.Options)!;

        public override ValueTask<bool> CallsOutAsync(object action, object state, CancellationToken ct) =>
            ((ISagaAction<TState>)action).CallsOutAsync((TState)state, ct);

        public override Task<StepResult> RunAsync(object action, object state, StepContext step, CancellationToken ct) =>
            ((ISagaAction<TState>)action).RunAsync((TState)state, step, ct);

        public override Task<StepResult> UndoAsync(object action, object state, StepContext step, CancellationToken ct) =>
            ((ISagaAction<TState>)action).UndoAsync((TState)state, step, ct);
    }
}
