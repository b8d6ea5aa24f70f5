namespace DotMac.Access.Coa;

/// <summary>Why a NAS refused (RFC 5176 §3.6).</summary>
public sealed record ErrorCause(int Value, string Name);

public sealed record DisconnectNas(Guid Id, string Shortname);

/// <summary>What became of the request to disconnect one session.</summary>
/// <param name="Id">The session's id in this API.</param>
/// <param name="SessionId">Its Acct-Session-Id.</param>
/// <param name="Outcome">ack, nak, timeout, unreachable, no_nas, gone or nothing_to_say. An ack is the NAS's word; the session's Stop record proves it.</param>
/// <param name="Attempts">How often the request was sent.</param>
/// <param name="DurationMs">From the first sending to the answer or the end of waiting, milliseconds.</param>
/// <param name="AskedAgainAt">When the NAS is asked again in the background, because it could not be reached or refused for now.</param>
public sealed record DisconnectResult(
    string Id,
    string SessionId,
    string? Username,
    DisconnectNas? Nas,
    string Outcome,
    ErrorCause? ErrorCause,
    string Message,
    int Attempts,
    int DurationMs,
    DateTimeOffset? AskedAgainAt = null
)
{
    public const string Ack = "ack";
    public const string Nak = "nak";
    public const string Timeout = "timeout";
    public const string Unreachable = "unreachable";
    public const string NoNas = "no_nas";

    /// <summary>The session had ended before it was asked for.</summary>
    public const string Gone = "gone";

    /// <summary>Neither the request nor the subscriber says what to change to.</summary>
    public const string NothingToSay = "nothing_to_say";

    private const int ContextNotFound = 503;

    /// <summary>For a session that ended before anything was asked.</summary>
    internal static DisconnectResult Over(string acctUniqueId, long number) =>
        new(SessionIdOf(acctUniqueId, number), acctUniqueId, null, null, Gone, null, "The session had ended before.", 0, 0);

    private static string SessionIdOf(string acctUniqueId, long number) => DotMac.Access.SessionId.Of(acctUniqueId, number);

    /// <summary>Nothing more is to be done: the NAS dropped the session or does not have it, or there is no NAS to ask.</summary>
    internal bool IsSettled => Outcome is Ack or NoNas || (Outcome == Nak && ErrorCause?.Value == ContextNotFound);
}
