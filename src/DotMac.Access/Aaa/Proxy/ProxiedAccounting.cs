using DotMac.Access.Aaa.Snapshot;
using DotMac.Kernel;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// Accounting of users whom an upstream knows: kept here like any other, and sent there too where the upstream asks for it. The NAS has its
/// acknowledgement from us, so the upstream's is awaited by us alone, five rounds over all its servers; after that it is counted as lost
/// there (never here). What waits is in memory: a stop of this node loses it for the upstream.
/// </summary>
internal sealed class ProxiedAccounting(AaaSnapshot snapshot, UpstreamProxy proxy) : IProxyCaller
{
    private static readonly System.Diagnostics.Metrics.Counter<long> Forwarded = KernelTelemetry.Meter.CreateCounter<long>(
        "radius_proxy_accounting_total"
    );
    private long serial;

    /// <param name="username">A name that no login of the tenant has: the accounting of those stays here.</param>
    public void Forward(byte[] bytes, NasEntry nas, in RemotePeer from, ReadOnlySpan<char> username)
    {
        var route = Array.FindAll(snapshot.Upstreams.Route(nas.TenantId, username, eap: false), u => u.ForwardAccounting);
        if (route.Length == 0 || !PacketView.TryParse(bytes, out var packet, out _) || proxy.IsLoop(packet))
        {
            return;
        }

        var request = new ProxiedRequest(this, bytes, nas, from, route)
        {
            Spread = UpstreamProxy.SpreadOf(nas, packet),
            Serial = Interlocked.Increment(ref serial),
        };
        if (proxy.Forward(request) is not null)
        {
            Count("refused");
        }
    }

    public void Answered(ProxiedRequest request, Hop hop, PacketView answer) => Count("acknowledged");

    public void Failed(ProxiedRequest request, Verdict why) => Count("lost");

    private static void Count(string outcome) => Forwarded.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
