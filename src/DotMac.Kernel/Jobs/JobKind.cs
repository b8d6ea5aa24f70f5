using System.Text.Json;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;

namespace DotMac.Kernel.Jobs;

/// <summary>Work that can be put on a schedule or into a chain. Beginning it starts a run, so its history, retries and dead-letter are the run's.</summary>
/// <param name="Name">Stable: <c>verify_audit</c>.</param>
/// <param name="Description">For people: what it does, and what its parameters mean.</param>
/// <param name="Example">Parameters as they may look, JSON.</param>
/// <param name="Check">What is wrong with parameters; null when nothing is.</param>
/// <param name="StartAsync">Starts the run inside the open unit of work.</param>
public sealed record JobKind(
    string Name,
    string Description,
    string Example,
    Func<string, Error?> Check,
    Func<IServiceProvider, string, RunOrder, CancellationToken, Task<Result<Guid>>> StartAsync
)
{
    /// <param name="start">Starts the run of these parameters.</param>
    /// <param name="check">Looks at what the shape alone does not tell.</param>
    public static JobKind Of<TParameters>(
        string name,
        string description,
        TParameters example,
        Func<IServiceProvider, TParameters, RunOrder, CancellationToken, Task<Result<Guid>>> start,
        Func<TParameters, Error?>? check = null
    )
        where TParameters : class =>
        new(
            name,
            description,
            JsonSerializer.Serialize(example, SagaJson.Options),
            json => Read<TParameters>(json, out var parameters) ?? check?.Invoke(parameters!),
            async (services, json, order, ct) =>
                Read<TParameters>(json, out var parameters) is { } fault ? fault : await start(services, parameters!, order, ct)
        );

    private static Error? Read<TParameters>(string json, out TParameters? parameters)
        where TParameters : class
    {
        try
        {
            parameters = JsonSerializer.Deserialize<TParameters>(json, SagaJson.Options);
            return parameters is null ? Unreadable("Parameters are needed.") : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            parameters = null;
            return Unreadable(e.Message);
        }
    }

    private static Error Unreadable(string why) => new Faults().Add("parameters", "bad_format", why).Error!;
}
