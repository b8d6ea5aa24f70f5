using System.Collections.Concurrent;
using System.Security.Cryptography;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>
/// Which server gave out a State: only it can go on with that conversation (RFC 2865 §5.24), so an EAP exchange stays where it began although
/// another server is preferred meanwhile. Bounded, and forgotten after a minute.
/// </summary>
internal sealed class Conversations
{
    private const int Most = 100_000;
    private const int RememberMs = 60_000;
    private readonly ConcurrentDictionary<ulong, (UpstreamPeer Peer, long At)> servers = new();

    /// <summary>A number for the packet's State; 0 when it has none.</summary>
    public static ulong Of(PacketView packet)
    {
        if (!packet.TryGet(AttributeType.State, out var state))
        {
            return 0;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(state, digest);
        return BitConverter.ToUInt64(digest) | 1;
    }

    public void Remember(PacketView challenge, UpstreamPeer peer, long now)
    {
        if (Of(challenge) is not 0 and var state && servers.Count < Most)
        {
            servers[state] = (peer, now);
        }
    }

    public UpstreamPeer? ServerOf(ulong state) => state != 0 && servers.TryGetValue(state, out var known) ? known.Peer : null;

    public void Forget(long now)
    {
        foreach (var (state, known) in servers)
        {
            if (now - known.At > RememberMs)
            {
                servers.TryRemove(state, out _);
            }
        }
    }
}
