namespace DotMac.Radius.Client;

/// <summary>How long to wait for an answer and how often to send the same packet again (RFC 5080 §2.2.1).</summary>
public sealed record RetryPolicy
{
    /// <summary>Three tries, waiting 1, 2 and 4 seconds.</summary>
    public static RetryPolicy Default { get; } = new();

    /// <summary>How often the packet is sent in all.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>The wait after the first try; each later wait is twice as long, up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>Take only answers that carry a valid Message-Authenticator (CVE-2024-3596).</summary>
    public bool RequireMessageAuthenticator { get; init; }

    internal TimeSpan WaitAfter(int attempt)
    {
        var wait = FirstWait * Math.Pow(2, attempt);
        return wait < LongestWait ? wait : LongestWait;
    }
}
