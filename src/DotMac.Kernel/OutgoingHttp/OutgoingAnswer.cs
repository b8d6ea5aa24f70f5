using System.Text.Json;

namespace DotMac.Kernel.OutgoingHttp;

/// <summary>How a call ended; a label of metrics.</summary>
public enum OutgoingOutcome
{
    /// <summary>The server answered 2xx.</summary>
    Success,

    /// <summary>The server answered something else; asking again would not help (3xx, 4xx).</summary>
    Refused,

    /// <summary>5xx or 429, also after the last attempt.</summary>
    Failed,
    Unreachable,
    TimedOut,

    /// <summary>It failed too often before: nothing was sent.</summary>
    CircuitOpen,

    /// <summary>The address may not be called: nothing was sent.</summary>
    Forbidden,

    /// <summary>The answer could not be read: not HTTP, or too long. What the server did is not known.</summary>
    Unreadable,
}

/// <param name="Status">Null when no answer came.</param>
/// <param name="Body">Whole, and never longer than asked.</param>
/// <param name="Problem">Null on success; else a sentence that names what to look at and no secret.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="RetryAfter">When the server or the circuit said to come again.</param>
public sealed record OutgoingAnswer(
    OutgoingOutcome Outcome,
    int? Status,
    ReadOnlyMemory<byte> Body,
    string? Problem,
    int Attempts = 0,
    TimeSpan? RetryAfter = null
)
{
    public bool IsSuccess => Outcome == OutgoingOutcome.Success;

    /// <summary>The response's headers; the first value of each.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    internal bool MayPass => Outcome is OutgoingOutcome.Failed or OutgoingOutcome.Unreachable or OutgoingOutcome.TimedOut;

    /// <summary>Whether the server is to blame. That it limits us (429) is no sign of illness.</summary>
    internal bool SpeaksIllOfServer => (MayPass && Status != 429) || Outcome == OutgoingOutcome.Unreadable;

    /// <summary>The body as JSON, or null when it is none of that shape.</summary>
    public T? Read<T>(JsonSerializerOptions options)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Body.Span, options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static OutgoingAnswer Nothing(OutgoingOutcome outcome, string problem, TimeSpan? retryAfter = null) =>
        new(outcome, null, default, problem, 0, retryAfter);
}
