using DotMac.Radius.Wire;

namespace DotMac.Radius.Client;

public enum ExchangeOutcome : byte
{
    /// <summary>A reply with a valid signature came.</summary>
    Answered = 1,

    /// <summary>All tries were sent and nothing valid came back.</summary>
    TimedOut,

    /// <summary>The peer's system refused (ICMP port or host unreachable), or there is no route.</summary>
    Unreachable,
}

/// <summary>How one request to a peer ended.</summary>
/// <param name="Code">The reply's code; None unless answered.</param>
/// <param name="Reply">The reply's octets, verified; empty unless answered.</param>
/// <param name="RoundTrip">From the latest sending to the answer; zero unless answered.</param>
/// <param name="Attempts">How often the request was sent.</param>
/// <param name="Ignored">Datagrams from the peer that were no valid answer: malformed, other identifier, wrong signature.</param>
public sealed record RadiusExchange(
    ExchangeOutcome Outcome,
    PacketCode Code,
    ReadOnlyMemory<byte> Reply,
    TimeSpan RoundTrip,
    int Attempts,
    int Ignored
)
{
    /// <summary>A view of the reply. False unless answered.</summary>
    public bool TryRead(out PacketView packet) => PacketView.TryParse(Reply.Span, out packet, out _);
}
