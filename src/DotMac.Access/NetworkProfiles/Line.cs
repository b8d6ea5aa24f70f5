using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NetworkProfiles;

/// <summary>A subscriber's line: the subscriber's row and the profile's, read and written as one.</summary>
internal sealed class Line(Subscriber subscriber, NetworkProfile? row)
{
    public Subscriber Subscriber { get; } = subscriber;

    /// <summary>Also one that was taken away.</summary>
    public NetworkProfile? Row { get; private set; } = row;

    /// <summary>Null when the subscriber has none, or it was taken away.</summary>
    public NetworkProfile? Profile => Row is { DeletedAt: null } ? Row : null;

    /// <summary>Whether there is something to show: a profile, or facts that the subscriber was given without one.</summary>
    public bool IsSet => Profile is not null || Facts != new LineFacts { Option82Policy = Subscriber.Option82Policy };

    /// <summary>An address of it is allocated: taking the profile away would lose it.</summary>
    public bool HoldsAddresses =>
        Profile is { } profile
        && new[] { profile.Ipv4State, profile.Ipv6State }.Any(s =>
            s is AddressState.Allocated or AddressState.Active or AddressState.Suspended or AddressState.Revoking
        );

    /// <summary>Grows with every change of either row.</summary>
    public int Version => Subscriber.Version + (Row?.Version ?? 0);

    public LineFacts Facts =>
        new()
        {
            CircuitId = Subscriber.CircuitId,
            RemoteId = Subscriber.RemoteId,
            Option82Policy = Subscriber.Option82Policy,
            ServiceVlan = Subscriber.VlanId,
            InnerVlan = Subscriber.InnerVlan,
            QinqEnabled = Profile?.QinqEnabled ?? Subscriber.InnerVlan is not null,
            StaticIpv4 = Subscriber.FramedIpv4Address,
            Ipv4Netmask = Subscriber.FramedIpv4Netmask,
            StaticIpv6 = Subscriber.FramedIpv6Address,
            Ipv6Prefix = Subscriber.FramedIpv6Prefix,
            DelegatedIpv6Prefix = Subscriber.DelegatedIpv6Prefix,
            Ipv6PdSize = Profile?.Ipv6PdSize ?? Subscriber.DelegatedIpv6Prefix?.PrefixLength ?? 56,
            Ipv6Mode = Subscriber.Ipv6Mode,
            VlanPool = Profile?.VlanPool,
            Ipv4Pool = Profile?.Ipv4Pool,
            Ipv6Pool = Profile?.Ipv6Pool,
            PdPool = Profile?.PdPool,
            NasIpv4Pool = Subscriber.FramedIpv4Pool,
            NasIpv6Pool = Subscriber.FramedIpv6Pool,
            NasPdPool = Subscriber.DelegatedIpv6Pool,
            SiteId = Profile?.SiteId,
        };

    public LineProfile ToProfile() =>
        new(Subscriber.Id, Facts, Profile?.Ipv4State ?? AddressState.Pending, Profile?.Ipv6State ?? AddressState.Pending, Version);

    /// <summary>The subscriber of that id with its profile, or null.</summary>
    public static async Task<Line?> FindAsync(AccessDb db, Guid subscriberId, CancellationToken ct) =>
        await db
            .Subscribers.Where(s => s.Id == subscriberId && s.DeletedAt == null)
            .LeftJoin(
                db.NetworkProfiles,
                s => new { s.TenantId, s.Id },
                p => new { p.TenantId, Id = p.SubscriberId },
                (s, p) => new { Subscriber = s, Profile = p }
            )
            .SingleOrDefaultAsync(ct)
            is { } row
            ? new Line(row.Subscriber, row.Profile)
            : null;

    /// <summary>Writes checked facts to both rows; the profile's row is made when there is none.</summary>
    public void Set(LineFacts facts, DateTimeOffset now, AccessDb db)
    {
        var before = Facts;
        if (Row is null)
        {
            Row = new NetworkProfile
            {
                TenantId = Subscriber.TenantId,
                SubscriberId = Subscriber.Id,
                CreatedAt = now,
                UpdatedAt = now,
            };
            db.NetworkProfiles.Add(Row);
        }
        else if (Row.DeletedAt is not null)
        {
            Row.Revive(now);
        }

        Row.SiteId = facts.SiteId;
        Row.VlanPool = facts.VlanPool;
        Row.Ipv4Pool = facts.Ipv4Pool;
        Row.Ipv6Pool = facts.Ipv6Pool;
        Row.PdPool = facts.PdPool;
        Row.QinqEnabled = facts.QinqEnabled;
        Row.Ipv6PdSize = (short)facts.Ipv6PdSize;
        if (facts.StaticIpv4 is not null && !facts.StaticIpv4.Equals(before.StaticIpv4))
        {
            Row.BeginAnew(AddressFamilyKind.Ipv4, now);
        }

        if (
            (facts.StaticIpv6, facts.Ipv6Prefix, facts.DelegatedIpv6Prefix) is not (null, null, null) and var six
            && !six.Equals((before.StaticIpv6, before.Ipv6Prefix, before.DelegatedIpv6Prefix))
        )
        {
            Row.BeginAnew(AddressFamilyKind.Ipv6, now);
        }

        Subscriber.SetLine(facts);
    }

    /// <summary>Takes the addresses of a family out.</summary>
    public void ClearAddresses(AddressFamilyKind family) =>
        Subscriber.SetLine(
            family == AddressFamilyKind.Ipv4
                ? Facts with
                {
                    StaticIpv4 = null,
                    Ipv4Netmask = null,
                }
                : Facts with
                {
                    StaticIpv6 = null,
                    Ipv6Prefix = null,
                    DelegatedIpv6Prefix = null,
                }
        );

    /// <summary>Raises the versions of what was changed. True when anything was.</summary>
    public bool Touch(AccessDb db, DateTimeOffset now)
    {
        db.ChangeTracker.DetectChanges();
        var changed = false;
        if (db.Entry(Subscriber).State == EntityState.Modified)
        {
            Subscriber.Touch(now);
            changed = true;
        }

        if (Row is not null && db.Entry(Row).State is var state and not EntityState.Unchanged)
        {
            changed = true;
            if (state == EntityState.Modified)
            {
                Row.Touch(now);
            }
        }

        return changed;
    }
}
