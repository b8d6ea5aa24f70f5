using System.Net;
using System.Net.Sockets;
using System.Text;
using DotMac.Radius.Server;
using DotMac.Radius.Wire;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>Finds the NAS that a packet comes from: exact address first, then the longest registered network, then NAS-Identifier.</summary>
internal sealed class NasTable
{
    public static readonly NasTable Empty = new([]);

    private readonly Dictionary<UInt128, NasEntry[]> byAddress = [];
    private readonly Dictionary<string, NasEntry> byRadsecName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(UInt128 Network, UInt128 Mask, NasEntry[] Entries)> networks = [];

    public NasTable(IReadOnlyCollection<NasEntry> entries)
    {
        All = entries;
        foreach (var group in entries.Where(e => e.Enabled).GroupBy(e => e.Source))
        {
            var network = RemotePeer.AddressKeyOf(group.Key.BaseAddress);
            var isIpv4 = group.Key.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
            var hostBits = (isIpv4 ? 32 : 128) - group.Key.PrefixLength;
            if (hostBits == 0)
            {
                byAddress[network] = [.. group];
            }
            else
            {
                var mask = hostBits == 128 ? UInt128.Zero : UInt128.MaxValue << hostBits;
                networks.Add((network & mask, mask, [.. group]));
            }
        }

        foreach (var entry in entries.Where(e => e.Enabled && e.RadsecName is not null))
        {
            byRadsecName[entry.RadsecName!] = entry;
        }

        networks.Sort((a, b) => b.Mask.CompareTo(a.Mask));
    }

    public IReadOnlyCollection<NasEntry> All { get; }

    /// <summary>
    /// The NAS, or null when nobody is registered for that source. When several stand behind one address, NAS-Identifier decides;
    /// an entry without an identifier takes what no other claims.
    /// </summary>
    public NasEntry? Find(in RemotePeer from, PacketView packet)
    {
        if (byAddress.TryGetValue(from.AddressKey, out var entries))
        {
            return Choose(entries, packet);
        }

        foreach (var (network, mask, behind) in networks)
        {
            if ((from.AddressKey & mask) == network)
            {
                return Choose(behind, packet);
            }
        }

        return null;
    }

    /// <summary>The tenant's NAS with that address: the nearest network that holds it, or null.</summary>
    public NasEntry? Of(Guid tenantId, IPAddress address)
    {
        var sender = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return All.Where(n => n.TenantId == tenantId && n.Enabled && n.Source.Contains(sender)).MaxBy(n => n.Source.PrefixLength);
    }

    /// <summary>
    /// The NAS behind a packet however it came. Over TLS the certificate's names decide, and the address only for a NAS that has no such name:
    /// whoever shares an address with a NAS that proves itself is not that NAS.
    /// </summary>
    public NasEntry? Find(IReplyPath path, in RemotePeer from, PacketView packet)
    {
        if (path.Tls is not { } peer)
        {
            return Find(from, packet);
        }

        return Named(peer)?.OverTls ?? (Find(from, packet) is { RadsecName: null } unnamed ? unnamed.OverTls : null);
    }

    /// <summary>Whether a peer with that certificate can be one of ours: what is asked before a connection's first packet.</summary>
    public bool Admits(TlsPeer peer, in RemotePeer from)
    {
        if (Named(peer) is not null)
        {
            return true;
        }

        var key = from.AddressKey;
        return byAddress.TryGetValue(key, out var entries)
            ? entries.Any(e => e.RadsecName is null)
            : networks.Exists(n => (key & n.Mask) == n.Network && n.Entries.Any(e => e.RadsecName is null));
    }

    private NasEntry? Named(TlsPeer peer)
    {
        foreach (var name in peer.Names)
        {
            if (byRadsecName.TryGetValue(name, out var entry))
            {
                return entry;
            }
        }

        return null;
    }

    public NasEntry? Find(Guid tenantId, Guid id) => All.FirstOrDefault(n => n.TenantId == tenantId && n.Id == id);

    private static NasEntry? Choose(NasEntry[] entries, PacketView packet)
    {
        if (entries is [{ NasIdentifier: null } only])
        {
            return only;
        }

        packet.TryGet(AttributeType.NasIdentifier, out var identifier);
        NasEntry? fallback = null;
        foreach (var entry in entries)
        {
            if (entry.NasIdentifier is null)
            {
                fallback = entry;
            }
            else if (
                Encoding.UTF8.GetByteCount(entry.NasIdentifier) == identifier.Length
                && Encoding.UTF8.GetString(identifier) == entry.NasIdentifier
            )
            {
                return entry;
            }
        }

        return fallback;
    }
}
