using System.Collections.Concurrent;
using System.Collections.Frozen;
using DotMac.Access.Aaa.Proxy;
using DotMac.Contracts.Platform;

namespace DotMac.Access.Aaa.Snapshot;

/// <summary>
/// Everything an authentication needs, in memory. Each entry is immutable and replaced whole, so a reader never sees half a change and
/// never waits. The database is asked only by <see cref="SnapshotFeed"/>, never while a packet waits.
/// </summary>
internal sealed class AaaSnapshot
{
    private readonly ConcurrentDictionary<Guid, Tenant> tenants = new();
    private long changes;
    private long confirmedTicks;
    private volatile NasTable nas = NasTable.Empty;
    private volatile UpstreamTable upstreams = UpstreamTable.Empty;
    private volatile IReadOnlyDictionary<Guid, TenantFlags> flags = new Dictionary<Guid, TenantFlags>();
    private volatile FrozenDictionary<Guid, Rates> rates = FrozenDictionary<Guid, Rates>.Empty;

    /// <summary>True once the first load is complete; before that nothing is answered.</summary>
    public bool IsLoaded { get; private set; }

    public NasTable Nas
    {
        get => nas;
        set => Changed(nas = value);
    }

    /// <summary>Bandwidth profiles by id.</summary>
    public FrozenDictionary<Guid, Rates> Rates
    {
        get => rates;
        set => Changed(rates = value);
    }

    /// <summary>Where EAP and foreign realms are passed on to.</summary>
    public UpstreamTable Upstreams
    {
        get => upstreams;
        set => Changed(upstreams = value);
    }

    /// <summary>What the tenants that ever set a flag have set.</summary>
    public IReadOnlyDictionary<Guid, TenantFlags> Flags => flags;

    public int LoginCount => tenants.Values.Sum(t => t.ById.Count);

    /// <summary>False while it comes from the image on disk alone.</summary>
    public bool IsFromDatabase { get; private set; }

    /// <summary>When it was last known to equal the database.</summary>
    public DateTimeOffset ConfirmedAt => new(Interlocked.Read(ref confirmedTicks), TimeSpan.Zero);

    /// <summary>Grows with every change, so that a watcher knows that there was one.</summary>
    public long Changes => Interlocked.Read(ref changes);

    /// <summary>It equals the database now.</summary>
    public void Confirm(DateTimeOffset now)
    {
        Interlocked.Exchange(ref confirmedTicks, now.UtcTicks);
        IsFromDatabase = true;
        IsLoaded = true;
    }

    /// <summary>It equals what the database held then.</summary>
    public void ServeFromImage(DateTimeOffset confirmedAt)
    {
        Interlocked.Exchange(ref confirmedTicks, confirmedAt.UtcTicks);
        IsLoaded = true;
    }

    /// <summary>The subscriber's login whose line has that MAC address (as <see cref="MacAddress"/> spells it); a login of another tenant is never found.</summary>
    public Login? FindByMac(Guid tenantId, ReadOnlySpan<char> mac) =>
        tenants.TryGetValue(tenantId, out var tenant) && tenant.ByMacSpan.TryGetValue(mac, out var login) ? login : null;

    /// <summary>The login of that name in that tenant; a name of another tenant is never found. Names are compared in lower case.</summary>
    public Login? Find(Guid tenantId, ReadOnlySpan<char> username)
    {
        if (!tenants.TryGetValue(tenantId, out var tenant))
        {
            return null;
        }

        // Most NAS send the name as it is kept, and then it need not be lowered.
        return tenant.ByNameSpan.TryGetValue(username, out var login) ? login : FindLowered(tenant, username);
    }

    private static Login? FindLowered(Tenant tenant, ReadOnlySpan<char> username)
    {
        Span<char> lower = stackalloc char[Username.MostChars];
        var length = username.ToLowerInvariant(lower);
        return length >= 0 && tenant.ByNameSpan.TryGetValue(lower[..length], out var login) ? login : null;
    }

    public Login? Find(Guid tenantId, Guid subscriberId) =>
        tenants.TryGetValue(tenantId, out var tenant) && tenant.ById.TryGetValue(subscriberId, out var login) ? login : null;

    /// <summary>The rates that hold for the login now: its profile's, or those of the profile that a used-up volume throttles it to.</summary>
    public Rates? RatesOf(Login login) =>
        (login.ThrottleProfileId ?? login.BandwidthProfileId) is { } id && rates.TryGetValue(id, out var found) ? found : null;

    /// <summary>Puts a login in place of the subscriber's former one, under its possibly new name. Called by one writer.</summary>
    public void Put(Login login)
    {
        var tenant = tenants.GetOrAdd(login.TenantId, static _ => new Tenant());
        if (tenant.ById.TryGetValue(login.SubscriberId, out var former))
        {
            if (former.Username != login.Username)
            {
                tenant.ByName.TryRemove(KeyValuePair.Create(former.Username, former));
            }

            if (former.MacAddress is { } mac && mac != login.MacAddress)
            {
                tenant.ByMac.TryRemove(KeyValuePair.Create(mac, former));
            }
        }

        tenant.ById[login.SubscriberId] = login;
        tenant.ByName[login.Username] = login;
        if (login.MacAddress is { } own)
        {
            tenant.ByMac[own] = login;
        }

        Interlocked.Increment(ref changes);
    }

    /// <summary>Puts flags in force: every login of a tenant whose flags changed is made anew from what is stored. Called by one writer.</summary>
    public void SetFlags(IReadOnlyDictionary<Guid, TenantFlags> now)
    {
        var before = flags;
        flags = now;
        foreach (var (tenantId, tenant) in tenants)
        {
            var wanted = now.GetValueOrDefault(tenantId, TenantFlags.Default);
            if (wanted.IsSameAs(before.GetValueOrDefault(tenantId, TenantFlags.Default)))
            {
                continue;
            }

            foreach (var login in tenant.ById.Values)
            {
                Put(LineInForce.Of(login.Stored ?? login, wanted));
            }
        }
    }

    public void Remove(Guid tenantId, Guid subscriberId)
    {
        if (tenants.TryGetValue(tenantId, out var tenant) && tenant.ById.TryRemove(subscriberId, out var former))
        {
            tenant.ByName.TryRemove(KeyValuePair.Create(former.Username, former));
            if (former.MacAddress is { } mac)
            {
                tenant.ByMac.TryRemove(KeyValuePair.Create(mac, former));
            }

            Interlocked.Increment(ref changes);
        }
    }

    private void Changed(object _) => Interlocked.Increment(ref changes);

    /// <summary>Every login's identity and version, for the reconcile.</summary>
    public IEnumerable<Login> Logins => tenants.Values.SelectMany(t => t.ById.Values);

    private sealed class Tenant
    {
        public Tenant()
        {
            ByNameSpan = ByName.GetAlternateLookup<ReadOnlySpan<char>>();
            ByMacSpan = ByMac.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public ConcurrentDictionary<string, Login> ByMac { get; } = new(StringComparer.Ordinal);
        public ConcurrentDictionary<string, Login>.AlternateLookup<ReadOnlySpan<char>> ByMacSpan { get; }

        public ConcurrentDictionary<Guid, Login> ById { get; } = new();
        public ConcurrentDictionary<string, Login> ByName { get; } = new(StringComparer.Ordinal);
        public ConcurrentDictionary<string, Login>.AlternateLookup<ReadOnlySpan<char>> ByNameSpan { get; }
    }
}

/// <summary>How long a User-Name can be: 253 octets (RFC 2865 §5).</summary>
internal static class Username
{
    public const int MostChars = 253;
}
