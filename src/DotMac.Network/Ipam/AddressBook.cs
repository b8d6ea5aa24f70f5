using System.Net;
using Dapper;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.UseCases;

namespace DotMac.Network.Ipam;

/// <summary>What somebody asks of the allocator.</summary>
/// <param name="Space">The VRF to look in; null finds it by the wanted address: the pool or prefix that contains it.</param>
/// <param name="ExpiresAt">Of a reservation.</param>
/// <param name="ReservationId">What was kept under this id, and nothing else.</param>
/// <param name="At">When it is asked; null: now.</param>
internal sealed record Ask(
    string Key,
    Guid? OwnerId,
    string Label,
    AddressKind Kind,
    IPNetwork? Wanted,
    string? Pool,
    int? PrefixLength,
    Guid? SiteId,
    AllocationOrigin Origin,
    DateTimeOffset? ExpiresAt = null,
    string? DnsName = null,
    string? Description = null,
    Guid? Space = null,
    Guid? ReservationId = null,
    DateTimeOffset? At = null
);

/// <summary>What the database's allocator said; <c>Outcome</c> is one of those that db/0048 and db/0049 name.</summary>
internal sealed record Said(string Outcome, Guid? AllocationId, string? Detail);

/// <summary>The allocator's functions, inside the caller's unit of work. Each is one statement.</summary>
internal sealed class AddressBook(UnitOfWork work, CurrentCaller caller, TimeProvider clock)
{
    private const string AllocateSql = """
        SELECT * FROM ipam_allocate(@id, @Key, @OwnerId, @Label, @kind, @wanted::cidr, @Pool, @PrefixLength, @SiteId, @state, @origin, @actor, @at,
            @ExpiresAt, @DnsName, @Description, @Space, @ReservationId);

        """;

    private const string VlanSql = """
        SELECT * FROM ipam_reserve_vlan(@id, @Key, @OwnerId, @Label, @Pool, @IsQinQ, @ServiceVlan, @InnerVlan, @SiteId, @actor, @at, @own::uuid[]);

        """;

    public async Task<Said> AllocateAsync(Ask ask, CancellationToken ct) => (await TakeAsync(ask, ct)).Said;

    /// <summary>What the allocator said, and what the key holds now.</summary>
    public async Task<(Said Said, AllocationRow? Row)> TakeAsync(Ask ask, CancellationToken ct)
    {
        await using var read = await work.Connection.QueryMultipleAsync(
            Command(
                AllocateSql
                    + AllocationRow.Select
                    + "WHERE a.tenant_id = current_tenant() AND a.key = @Key AND a.kind = @kind AND a.ended_at IS NULL",
                new
                {
                    id = Guid.CreateVersion7(),
                    ask.Key,
                    ask.OwnerId,
                    ask.Label,
                    kind = (short)ask.Kind,
                    wanted = ask.Wanted?.ToString(),
                    ask.Pool,
                    ask.PrefixLength,
                    ask.SiteId,
                    state = (short)(ask.Origin == AllocationOrigin.Reservation ? AddressState.Pending : AddressState.Allocated),
                    origin = (short)ask.Origin,
                    actor = Actor,
                    at = ask.At ?? Now,
                    ask.ExpiresAt,
                    ask.DnsName,
                    ask.Description,
                    ask.Space,
                    ask.ReservationId,
                },
                ct
            )
        );
        return (await read.ReadSingleAsync<Said>(), await read.ReadSingleOrDefaultAsync<AllocationRow>());
    }

    /// <summary>What is asked for by name and is reserved for one of these owners comes under the key; the allocator then knows it.</summary>
    public Task UseReservedAsync(Ask ask, IReadOnlyList<Guid> owners, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            Command(
                """
                SELECT ipam_use_reservation(a.id, @Key, @OwnerId, @Label, @state, @origin, @actor, @at) FROM ipam_allocations a
                WHERE a.tenant_id = current_tenant() AND a.owner_id = ANY (@owners) AND a.kind = @kind AND a.origin = 2 AND a.ended_at IS NULL
                    AND (a.expires_at IS NULL OR a.expires_at > @at) AND coalesce(a.id = @ReservationId::uuid, true)
                    AND coalesce(a.network = @wanted::cidr, true)
                """,
                new
                {
                    ask.Key,
                    ask.OwnerId,
                    ask.Label,
                    kind = (short)ask.Kind,
                    wanted = ask.Wanted?.ToString(),
                    ask.ReservationId,
                    state = (short)AddressState.Allocated,
                    origin = (short)ask.Origin,
                    actor = Actor,
                    at = ask.At ?? Now,
                    owners = owners.ToArray(),
                },
                ct
            )
        );

    /// <summary>What the allocator said, and what the key holds now.</summary>
    public async Task<(Said Said, VlanAllocationRow? Row)> TakeVlanAsync(VlanOrder order, CancellationToken ct)
    {
        await using var read = await work.Connection.QueryMultipleAsync(
            Command(
                VlanSql + VlanAllocationRow.Select + "WHERE a.tenant_id = current_tenant() AND a.key = @Key AND a.ended_at IS NULL",
                new
                {
                    id = Guid.CreateVersion7(),
                    order.Key,
                    order.OwnerId,
                    order.Label,
                    order.Pool,
                    order.IsQinQ,
                    order.ServiceVlan,
                    order.InnerVlan,
                    order.SiteId,
                    actor = Actor,
                    at = Now,
                    own = order.Own?.ToArray(),
                },
                ct
            )
        );
        return (await read.ReadSingleAsync<Said>(), await read.ReadSingleOrDefaultAsync<VlanAllocationRow>());
    }

    /// <summary>Ends an allocation; false when it has ended already.</summary>
    public Task<bool> ReleaseAsync(Guid id, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            Command(
                "SELECT ipam_release(@id, @at, @actor)",
                new
                {
                    id,
                    at = Now,
                    actor = Actor,
                },
                ct
            )
        );

    /// <summary>Ends a VLAN's allocation; false when it has ended already.</summary>
    public Task<bool> ReleaseVlanAsync(Guid id, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            Command(
                "SELECT ipam_release_vlan(@id, @at, @actor)",
                new
                {
                    id,
                    at = Now,
                    actor = Actor,
                },
                ct
            )
        );

    /// <summary>Ends a reservation whose time is over; false when somebody used or ended it meanwhile.</summary>
    public Task<bool> ExpireAsync(Guid id, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            Command(
                """
                SELECT coalesce((SELECT ipam_release(a.id, @at, @actor) FROM (
                    SELECT id FROM ipam_allocations WHERE tenant_id = current_tenant() AND id = @id AND ended_at IS NULL AND expires_at <= @at FOR UPDATE
                ) AS a), false)
                """,
                new
                {
                    id,
                    at = Now,
                    actor = Actor,
                },
                ct
            )
        );

    /// <summary>
    /// Ends what a key took for an owner, addresses or VLAN; nothing when it took nothing. What had been reserved and was never in use is reserved again.
    /// </summary>
    public Task ReleaseKeyAsync(string key, Guid ownerId, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            Command(
                """
                SELECT ipam_undo(a.id, @at, @actor) FROM ipam_allocations a
                WHERE a.tenant_id = current_tenant() AND a.key = @key AND a.owner_id = @ownerId AND a.ended_at IS NULL
                """,
                new
                {
                    key,
                    ownerId,
                    at = Now,
                    actor = Actor,
                },
                ct
            )
        );

    public Task ReleaseVlanKeyAsync(string key, Guid ownerId, CancellationToken ct) =>
        work.Connection.ExecuteAsync(
            Command(
                """
                SELECT ipam_release_vlan(a.id, @at, @actor) FROM ipam_vlan_allocations a
                WHERE a.tenant_id = current_tenant() AND a.key = @key AND a.owner_id = @ownerId AND a.ended_at IS NULL
                """,
                new
                {
                    key,
                    ownerId,
                    at = Now,
                    actor = Actor,
                },
                ct
            )
        );

    /// <summary>ok, held (the new owner holds another of the kind) or unknown.</summary>
    public Task<string> HandOverAsync(string key, Guid from, Guid to, string label, CancellationToken ct) =>
        HandOverAsync(
            """
            WITH mine AS (
                SELECT a.id, a.kind, a.owner_id FROM ipam_allocations a
                WHERE a.tenant_id = current_tenant() AND a.key = @key AND a.owner_id IN (@from, @to) AND a.ended_at IS NULL FOR UPDATE),
            other AS (
                SELECT 1 FROM mine m JOIN ipam_allocations o ON o.tenant_id = current_tenant() AND o.owner_id = @to AND o.kind = m.kind
                    AND o.ended_at IS NULL AND o.id <> m.id),
            moved AS (
                UPDATE ipam_allocations a SET owner_id = @to, label = @label FROM mine m
                WHERE a.tenant_id = current_tenant() AND a.id = m.id AND NOT EXISTS (SELECT FROM other) RETURNING 1)
            SELECT CASE WHEN NOT EXISTS (SELECT FROM mine) THEN 'unknown' WHEN EXISTS (SELECT FROM moved) THEN 'ok' ELSE 'held' END
            """,
            key,
            from,
            to,
            label,
            ct
        );

    public Task<string> HandOverVlanAsync(string key, Guid from, Guid to, string label, CancellationToken ct) =>
        HandOverAsync(
            """
            WITH mine AS (
                SELECT a.id FROM ipam_vlan_allocations a
                WHERE a.tenant_id = current_tenant() AND a.key = @key AND a.owner_id IN (@from, @to) AND a.ended_at IS NULL FOR UPDATE),
            other AS (
                SELECT 1 FROM mine m JOIN ipam_vlan_allocations o ON o.tenant_id = current_tenant() AND o.owner_id = @to
                    AND o.ended_at IS NULL AND o.id <> m.id),
            moved AS (
                UPDATE ipam_vlan_allocations a SET owner_id = @to, label = @label FROM mine m
                WHERE a.tenant_id = current_tenant() AND a.id = m.id AND NOT EXISTS (SELECT FROM other) RETURNING 1)
            SELECT CASE WHEN NOT EXISTS (SELECT FROM mine) THEN 'unknown' WHEN EXISTS (SELECT FROM moved) THEN 'ok' ELSE 'held' END
            """,
            key,
            from,
            to,
            label,
            ct
        );

    private async Task<string> HandOverAsync(string sql, string key, Guid from, Guid to, string label, CancellationToken ct) =>
        (
            await work.Connection.ExecuteScalarAsync<string>(
                Command(
                    sql,
                    new
                    {
                        key,
                        from,
                        to,
                        label,
                    },
                    ct
                )
            )
        )!;

    /// <summary>What an owner holds of these kinds, moved on where its state allows it; what does not go, or is not there, is missing.</summary>
    public async Task<List<AllocationRow>> MovedAsync(Guid ownerId, IReadOnlyList<AddressKind> kinds, AddressState to, CancellationToken ct)
    {
        await using var read = await work.Connection.QueryMultipleAsync(
            Command(
                """
                UPDATE ipam_allocations SET state = @to, activated_at = CASE WHEN @to = 2 THEN @at ELSE activated_at END,
                    suspended_at = CASE WHEN @to = 3 THEN @at WHEN @to = 2 THEN NULL ELSE suspended_at END
                WHERE tenant_id = current_tenant() AND owner_id = @ownerId AND kind = ANY (@kinds) AND ended_at IS NULL AND state = ANY (@from);

                """
                    + AllocationRow.Select
                    + "WHERE a.tenant_id = current_tenant() AND a.owner_id = @ownerId AND a.kind = ANY (@kinds) AND a.ended_at IS NULL AND a.state = @to",
                new
                {
                    ownerId,
                    kinds = kinds.Select(k => (short)k).ToArray(),
                    to = (short)to,
                    from = Enum.GetValues<AddressState>().Where(s => s != to && s.MayBecome(to)).Select(s => (short)s).ToArray(),
                    at = Now,
                },
                ct
            )
        );
        return (await read.ReadAsync<AllocationRow>()).AsList();
    }

    public async Task<AllocationRow?> FindAsync(Guid id, CancellationToken ct) =>
        (await ListAsync("WHERE a.tenant_id = current_tenant() AND a.id = @id", new { id }, ct)) is [var one] ? one : null;

    public async Task<VlanAllocationRow?> FindVlanAsync(Guid id, CancellationToken ct) =>
        (await ListVlansAsync("WHERE a.tenant_id = current_tenant() AND a.id = @id", new { id }, ct)) is [var one] ? one : null;

    /// <summary>What an owner holds of a kind, locked: whoever moves it too waits.</summary>
    public async Task<AllocationRow?> HeldAsync(Guid ownerId, AddressKind kind, CancellationToken ct)
    {
        const string Which =
            "WHERE a.tenant_id = current_tenant() AND a.owner_id = @ownerId AND a.kind = @kind AND a.ended_at IS NULL FOR UPDATE OF a";
        return (await ListAsync(Which, new { ownerId, kind = (short)kind }, ct)) is [var one] ? one : null;
    }

    public async Task<List<AllocationRow>> ListAsync(string where, object values, CancellationToken ct) =>
        [.. await work.Connection.QueryAsync<AllocationRow>(Command(AllocationRow.Select + where, values, ct))];

    public async Task<List<VlanAllocationRow>> ListVlansAsync(string where, object values, CancellationToken ct) =>
        [.. await work.Connection.QueryAsync<VlanAllocationRow>(Command(VlanAllocationRow.Select + where, values, ct))];

    public async Task<List<Guid>> OwnersAsync(Guid? after, int limit, CancellationToken ct) =>
        [
            .. await work.Connection.QueryAsync<Guid>(
                Command(
                    """
                    SELECT owner_id FROM (
                        SELECT owner_id FROM ipam_allocations
                        WHERE tenant_id = current_tenant() AND ended_at IS NULL AND owner_id IS NOT NULL AND (@after::uuid IS NULL OR owner_id > @after)
                        UNION
                        SELECT owner_id FROM ipam_vlan_allocations
                        WHERE tenant_id = current_tenant() AND ended_at IS NULL AND (@after::uuid IS NULL OR owner_id > @after)
                    ) AS owners ORDER BY owner_id LIMIT @limit
                    """,
                    new { after, limit },
                    ct
                )
            ),
        ];

    private DateTimeOffset Now => clock.GetUtcNow();

    private string Actor => caller.Value.Name;

    private CommandDefinition Command(string sql, object values, CancellationToken ct) =>
        new(sql, values, work.Transaction, cancellationToken: ct);
}
