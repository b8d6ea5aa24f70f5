using DotMac.Contracts.Access;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Drivers;
using DotMac.Kernel.Results;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NetworkProfiles;

/// <summary>The one way to change a line's profile, for the API and for workflows alike: conflicts, both rows, the audit trail.</summary>
internal sealed class LineWriter(AccessDb db, UnitOfWork work, Drivers drivers, ITenantFlags flags, AuditTrail audit, TimeProvider clock)
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

    /// <summary>
    /// What another has of what somebody tells a line to have: other lines, and those that the address plan keeps something for. Waits for nobody
    /// who writes the same.
    /// </summary>
    /// <param name="reservations">What the plan keeps under these ids is meant for the line.</param>
    public async Task<IReadOnlyList<Fault>> ConflictsAsync(
        Guid self,
        LineFacts before,
        LineFacts after,
        IReadOnlyCollection<Guid> reservations,
        CancellationToken ct
    )
    {
        var kept = await PlanConflicts.FindAsync(drivers, work, self, before, after, reservations, ct);
        var lines = await OfLinesAsync(self, before, after, PairOrigin.Told, ct);
        return [.. lines.Concat(kept).DistinctBy(f => f.Field, StringComparer.Ordinal)];
    }

    /// <summary>The same of what is written next: who writes the same waits until the transaction's end.</summary>
    public async Task<IReadOnlyList<Fault>> ToldAsync(Guid self, LineFacts before, LineFacts after, CancellationToken ct)
    {
        await VlanConflicts.WaitAsync(work, before, after, ct);
        return await ConflictsAsync(self, before, after, [], ct);
    }

    /// <summary>Gives the line what a person tells it to be; a pair of VLANs that comes along to another site is kept there from now on. Saves.</summary>
    public async Task<Error?> TellAsync(Line line, LineFacts facts, CancellationToken ct)
    {
        var self = line.Subscriber.Id;
        return await ToldAsync(self, line.Facts, facts, ct) is { Count: > 0 } taken ? NetworkProfileErrors.Taken(taken)
            : await PlanConflicts.MoveAsync(drivers, work, self, line.Facts, facts, ct) is { } refused ? NetworkProfileErrors.Taken(refused)
            : await WriteAsync(line, facts, ct);
    }

    /// <summary>Gives the line these facts, which were read and found good. Saves.</summary>
    public async Task<Error?> SetAsync(Line line, LineFacts facts, PairOrigin pair, CancellationToken ct)
    {
        if (pair != PairOrigin.Restored)
        {
            await VlanConflicts.WaitAsync(work, line.Facts, facts, ct);
        }

        return await OfLinesAsync(line.Subscriber.Id, line.Facts, facts, pair, ct) is { Count: > 0 } taken
            ? NetworkProfileErrors.Taken(taken)
            : await WriteAsync(line, facts, ct);
    }

    private async Task<IReadOnlyList<Fault>> OfLinesAsync(
        Guid self,
        LineFacts before,
        LineFacts after,
        PairOrigin pair,
        CancellationToken ct
    )
    {
        var addresses = await AddressConflicts.FindAsync(work, self, before, after, ct);
        return await VlanConflicts.FindAsync(work, self, before, after, pair, ct) is { } vlan ? [.. addresses, vlan] : addresses;
    }

    private async Task<Error?> WriteAsync(Line line, LineFacts facts, CancellationToken ct)
    {
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
                        NetworkProfileErrors.Taken(
                            NetworkProfileErrors.AddressTaken(
                                "static_ipv4",
                                line.Subscriber.FramedIpv4Address?.ToString() ?? "",
                                "the line of another subscriber"
                            )
                        )
                    ),
                    (
                        "subscribers_delegated_key",
                        NetworkProfileErrors.Taken(
                            NetworkProfileErrors.AddressTaken(
                                "delegated_ipv6_prefix",
                                line.Subscriber.DelegatedIpv6Prefix?.ToString() ?? "",
                                "the line of another subscriber"
                            )
                        )
                    ),
                    ("subscriber_network_profiles_pkey", NetworkProfileErrors.Changed),
                ]
            )
            : null;
}
