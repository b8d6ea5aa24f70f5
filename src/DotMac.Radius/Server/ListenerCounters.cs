namespace DotMac.Radius.Server;

/// <summary>What a listener has done since it started. Counts only grow.</summary>
/// <param name="Received">Datagrams read from the socket.</param>
/// <param name="Sent">Replies handed to the system.</param>
/// <param name="Silent">Datagrams the handler left unanswered at once (dropped, or to be answered later).</param>
/// <param name="HandlerFailures">Exceptions out of the handler.</param>
/// <param name="SendFailures">Replies the system refused.</param>
/// <param name="ReceiveFailures">Errors reading the socket.</param>
public readonly record struct ListenerCounters(
    long Received,
    long Sent,
    long Silent,
    long HandlerFailures,
    long SendFailures,
    long ReceiveFailures
);
