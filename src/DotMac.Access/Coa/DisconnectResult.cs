namespace DotMac.Access.Coa;

/// <summary>Why a NAS refused (RFC 5176 §3.6).</summary>
public sealed record ErrorCause(int Value, string Name);

public sealed record DisconnectNas(Guid Id, string Shortname);

/// <summary>What became of the request to disconnect one session.</summary>
/// <param name="Id">The session's id in this API.</param>
/// <param name="SessionId">Its Acct-Session-Id.</param>
/// <param name="Outcome">ack, nak, timeout, unreachable or no_nas. An ack is the NAS's word; the session's Stop record proves it.</param>
/// <param name="Attempts">How often the request was sent.</param>
/// <param name="DurationMs">From the first sending to the answer or the end of waiting, milliseconds.</param>
public sealed record DisconnectResult(
    string Id,
    string SessionId,
    string? Username,
    DisconnectNas? Nas,
    string Outcome,
    ErrorCause? ErrorCause,
    string Message,
    int Attempts,
    int DurationMs
)
{
    public const string Ack = "ack";
    public const string Nak = "nak";
    public const string Timeout = "timeout";
    public const string Unreachable = "unreachable";
    public const string NoNas = "no_nas";

    private const int ContextNotFound = 503;

    /// <summary>Nothing more is to be done: the NAS dropped the session or does not have it, or there is no NAS to ask.</summary>
    internal bool IsSettled => Outcome is Ack or NoNas || (Outcome == Nak && ErrorCause?.Value == ContextNotFound);
}
