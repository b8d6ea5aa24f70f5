namespace DotMac.Access.Aaa.Proxy;

/// <summary>Why a request that was passed on ended as it did. The codes are stable, like <see cref="Verdict"/>'s.</summary>
internal static class ProxiedVerdict
{
    public static readonly Verdict Accepted = new(
        true,
        "proxied.accepted",
        "upstream",
        "The upstream server of the realm (or of EAP) accepted it."
    );

    public static readonly Verdict Rejected = new(
        false,
        "proxied.rejected",
        "upstream",
        "The upstream server of the realm (or of EAP) rejected it."
    );

    public static readonly Verdict Timeout = new(
        false,
        "proxied.timeout",
        "upstream",
        "No upstream server answered within its response window; it was rejected here so that the NAS does not take this server for dead."
    );

    public static readonly Verdict NoUpstream = new(
        false,
        "proxied.no_upstream",
        "upstream",
        "Every upstream server for it is dead. They are asked with Status-Server and used again as soon as they answer."
    );

    public static readonly Verdict Overload = new(
        false,
        "proxied.overload",
        "upstream",
        "More requests were waiting for upstream servers than this node holds."
    );

    public static readonly IReadOnlyList<Verdict> All = [Accepted, Rejected, Timeout, NoUpstream, Overload];
}
