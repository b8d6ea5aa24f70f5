using DotMac.Contracts.Access;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NetworkProfiles;

/// <summary>The one way to change a line's profile, for the API and for workflows alike: conflicts, both rows, the audit trail.</summary>
internal sealed class LineWriter(AccessDb db, UnitOfWork work, ITenantFlags flags, AuditTrail audit, TimeProvider clock)
{
    public const string Entity = "network_profile";

    public Task<Line?> FindAsync(Guid subscriberId, CancellationToken ct) => Line.FindAsync(db, subscriberId, ct);

    public async Task<LineDefaults> DefaultsAsync(Guid? bandwidthProfileId, Guid? siteId, CancellationToken ct)
    {
        var fitting = await db
            .ProfileDefaults.AsNoTracking()
            .Where(d => d.BandwidthProfileId == null || d.BandwidthProfileId == bandwidthProfileId)
            .Where(d => d.SiteId == null || d.SiteId == siteId)
            .ToListAsync(ct);
        return ProfileDefaults.Resolve(fitting, (await flags.ReadAsync(ct)).Option82DefaultPolicy);
    }

    /// <summary>Gives the line these facts, which were read and found good. Saves.</summary>
    public async Task<Error?> SetAsync(Line line, LineFacts facts, CancellationToken ct)
    {
        if (await AddressConflicts.FindAsync(work, line.Subscriber.Id, line.Facts, facts, ct) is { } taken)
        {
            return taken;
        }

        var revived = line.Row is { DeletedAt: not null };
        line.Set(facts, clock.GetUtcNow(), db);
        if (revived)
        {
            audit.Note("network_profile.created", Entity, line.Subscriber.Id.ToString(), after: ProfileText.Of(facts));
        }

        return await SaveAsync(line, ct);
    }

    /// <summary>Takes the profile away with its facts. Saves.</summary>
    public async Task<Error?> DeleteAsync(Line line, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        audit.Note("network_profile.deleted", Entity, line.Subscriber.Id.ToString(), before: ProfileText.Of(line.Facts));
        line.Subscriber.SetLine(new LineFacts { Option82Policy = line.Subscriber.Option82Policy });
        if (line.Profile is { } profile)
        {
            profile.DeletedAt = now;
        }

        return await SaveAsync(line, ct);
    }

    /// <summary>Saves what was changed of the line.</summary>
    public async Task<Error?> SaveAsync(Line line, CancellationToken ct) =>
        line.Touch(db, clock.GetUtcNow())
            ? await db.TrySaveAsync(
                ct,
                NetworkProfileErrors.Changed,
                [
                    (
                        "subscribers_ipv4_key",
                        NetworkProfileErrors.Taken("static_ipv4", line.Subscriber.FramedIpv4Address?.ToString() ?? "", "another subscriber")
                    ),
                    (
                        "subscribers_delegated_key",
                        NetworkProfileErrors.Taken(
                            "delegated_ipv6_prefix",
                            line.Subscriber.DelegatedIpv6Prefix?.ToString() ?? "",
                            "another subscriber"
                        )
                    ),
                    ("subscriber_network_profiles_pkey", NetworkProfileErrors.Changed),
                ]
            )
            : null;
}
