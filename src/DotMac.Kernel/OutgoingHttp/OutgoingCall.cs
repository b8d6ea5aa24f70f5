namespace DotMac.Kernel.OutgoingHttp;

/// <summary>One call to somebody else's server, for a tenant.</summary>
/// <example><code>
/// var answer = await client.SendAsync(new OutgoingCall
/// {
///     Service = "netbox", Operation = "prefix.allocate", TenantId = tenant, Method = HttpMethod.Post, Url = url,
///     Headers = [("Authorization", "Token " + token)], Body = json, Key = key,
/// }, ct);
/// if (!answer.IsSuccess) { return Failed(answer.Problem); }
/// </code></example>
public sealed class OutgoingCall
{
    /// <summary>The kind of server, a label of metrics and half of the circuit's name: netbox, coa, genieacs …</summary>
    public required string Service { get; init; }

    /// <summary>What is done there, a label of metrics: few different ones.</summary>
    public required string Operation { get; init; }

    public required Guid TenantId { get; init; }
    public required HttpMethod Method { get; init; }
    public required Uri Url { get; init; }

    /// <summary>Never logged.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Never logged.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }
    public string ContentType { get; init; } = "application/json";

    /// <summary>
    /// Sent as Idempotency-Key: the server does the same thing once, however often it is asked. Without it, a POST or a PATCH is sent once.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>For each attempt, from the connection to the last octet of the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For all attempts and the waits between them.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The first one and those after a failure that may pass.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Somebody tries the settings just now: asked although the circuit is open, and once.</summary>
    public bool IsTest { get; init; }

    /// <summary>A longer answer is cut off, and told as a failure.</summary>
    public int MostOctets { get; init; } = 4 * 1_048_576;

    /// <summary>RFC 9110 §9.2.2: asked twice it does no more than asked once.</summary>
    internal bool MayRepeat =>
        !IsTest
        && (
            Key is not null
            || Method == HttpMethod.Get
            || Method == HttpMethod.Head
            || Method == HttpMethod.Put
            || Method == HttpMethod.Delete
        );
}
