namespace DotMac.Access.Aaa.Proxy;

/// <summary>Which upstreams take a request, the first to be asked first. Immutable: a change is a new table.</summary>
internal sealed class UpstreamTable
{
    public const string AnyRealm = "*";
    public static readonly UpstreamTable Empty = new([]);

    private readonly Dictionary<Guid, Tenant> tenants = [];

    public UpstreamTable(IReadOnlyCollection<UpstreamEntry> entries)
    {
        All = entries;
        foreach (var group in entries.GroupBy(e => e.TenantId))
        {
            tenants[group.Key] = new Tenant([.. group.OrderBy(e => e.Priority).ThenBy(e => e.Name, StringComparer.OrdinalIgnoreCase)]);
        }
    }

    public IReadOnlyCollection<UpstreamEntry> All { get; }

    /// <summary>
    /// For EAP: the upstreams with EAP that name the realm, else those with EAP that take any realm or name none. For the rest: those that
    /// name the realm, else those that take any; a user name without a realm stays here. Empty: nobody takes it.
    /// </summary>
    public UpstreamEntry[] Route(Guid tenantId, ReadOnlySpan<char> username, bool eap)
    {
        if (!tenants.TryGetValue(tenantId, out var tenant))
        {
            return [];
        }

        var at = username.LastIndexOf('@');
        var ways = eap ? tenant.Eap : tenant.Plain;
        if (at >= 0 && ways.ByRealm.Count > 0)
        {
            Span<char> realm = stackalloc char[username.Length - at - 1];
            username[(at + 1)..].ToLowerInvariant(realm);
            if (ways.ByRealm.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(realm, out var named))
            {
                return named;
            }
        }

        return at >= 0 || eap ? ways.Rest : [];
    }

    private sealed class Tenant(UpstreamEntry[] entries)
    {
        public Ways Eap { get; } = new([.. entries.Where(e => e.Eap)], withoutRealms: true);
        public Ways Plain { get; } = new([.. entries.Where(e => e.Realms.Count > 0)], withoutRealms: false);
    }

    private sealed class Ways(UpstreamEntry[] entries, bool withoutRealms)
    {
        public Dictionary<string, UpstreamEntry[]> ByRealm { get; } =
            entries
                .SelectMany(e => e.Realms)
                .Where(r => r != AnyRealm)
                .Distinct(StringComparer.Ordinal)
                .ToDictionary(
                    r => r,
                    r => entries.Where(e => e.Realms.Contains(r, StringComparer.Ordinal)).ToArray(),
                    StringComparer.Ordinal
                );

        public UpstreamEntry[] Rest { get; } =
        [.. entries.Where(e => e.Realms.Contains(AnyRealm, StringComparer.Ordinal) || (withoutRealms && e.Realms.Count == 0))];
    }
}
