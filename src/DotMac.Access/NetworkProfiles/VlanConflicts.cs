using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>
/// Whether the pair of VLANs (Q-in-Q) of a line belongs to another one already, and to whom. A pair is one line's at its site; a line without a
/// site may stand at any. A service VLAN without an inner one is shared by as many as want it.
/// </summary>
internal static class VlanConflicts
{
    private const string Wait = "SELECT pg_advisory_xact_lock(hashtextextended('line vlan ' || @TenantId::text || ' ' || @pair, 0))";

    // A statement of its own: it sees what was committed while this one waited. What the plan handed out it keeps apart from what it knows of by its
    // pools, so that only lines that it does not know are in the way of that.
    internal const string Find = """
        SELECT s.username || ' (' || s.subscriber_number || ')' FROM subscribers s
        LEFT JOIN subscriber_network_profiles p ON p.tenant_id = s.tenant_id AND p.subscriber_id = s.id AND p.deleted_at IS NULL
        WHERE s.vlan_id = @service AND s.inner_vlan = @inner AND s.deleted_at IS NULL AND s.status <> 4 AND s.id <> @self
            AND p.qinq_enabled IS NOT FALSE AND (@site::uuid IS NULL OR p.site_id IS NULL OR p.site_id = @site::uuid)
            AND (@isTold OR ipam_vlan_on_other_line(@site, @service, @inner, @self))
        """;

    /// <summary>Before a pair is written: two lines that get one pair at one time get it one after the other, until the transaction's end.</summary>
    public static async Task WaitAsync(UnitOfWork work, LineFacts before, LineFacts after, CancellationToken ct)
    {
        if (Changed(before, after) is var (service, inner))
        {
            var values = new { work.TenantId, pair = $"{service}.{inner}" };
            await work.Connection.ExecuteAsync(new CommandDefinition(Wait, values, work.Transaction, cancellationToken: ct));
        }
    }

    /// <returns>Null when nobody else has it, or it is as it was.</returns>
    public static async Task<Fault?> FindAsync(
        UnitOfWork work,
        Guid self,
        LineFacts before,
        LineFacts after,
        PairOrigin origin,
        CancellationToken ct
    )
    {
        if (origin == PairOrigin.Restored || Changed(before, after) is not var (service, inner))
        {
            return null;
        }

        var values = new
        {
            service,
            inner,
            site = after.SiteId,
            self,
            isTold = origin == PairOrigin.Told,
        };
        var holder = await work.Connection.QueryFirstOrDefaultAsync<string>(
            new CommandDefinition(Find, values, work.Transaction, cancellationToken: ct)
        );
        return holder is null ? null : NetworkProfileErrors.VlanTaken(service, inner, $"the line of {holder}");
    }

    /// <summary>The pair that identifies the line, when it or its site is another than before. A line that stood at any site and is put at one takes it from nobody.</summary>
    internal static (int Service, int Inner)? Changed(LineFacts before, LineFacts after) =>
        Pair(after) is { } pair && (Pair(before) != pair || (before.SiteId is { } site && site != after.SiteId)) ? pair : null;

    /// <summary>The pair that the line takes along to another site, or to any.</summary>
    internal static (int Service, int Inner)? TakenAlong(LineFacts before, LineFacts after) =>
        Pair(after) is { } pair && Pair(before) == pair && before.SiteId != after.SiteId ? pair : null;

    private static (int, int)? Pair(LineFacts line) =>
        line is { QinqEnabled: true, ServiceVlan: { } service, InnerVlan: { } inner } ? (service, inner) : null;
}
