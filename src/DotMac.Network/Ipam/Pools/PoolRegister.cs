using System.Net;
using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Prefixes;
using DotMac.Network.Ipam.Registry;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Network.Ipam.Pools;

internal sealed class PoolRegister(NetworkDb db, UnitOfWork work, Known known, PoolRanges ranges)
    : IRegister<AddressPool, PoolFields, PoolView>
{
    private PoolRange? range;
    private bool gatewayChanges;

    public Error NotFound { get; } = Error.NotFound("ipam_pool.not_found", "There is no such pool.");

    public Error Changed { get; } = Error.Changed("ipam_pool.changed");

    public IReadOnlyList<(string, Error)> Conflicts { get; } =
    [("ipam_pools_name_key", Error.Conflict("ipam_pool.name_taken", "Another pool has this name. Choose another one."))];

    public async Task<Result<PoolFields>> CheckAsync(PoolFields given, AddressPool? now, CancellationToken ct)
    {
        var fields = given.Cleaned();
        var faults = fields.Faults(now);
        await known.VrfAsync(faults, fields.VrfId, ct);
        await known.SiteAsync(faults, fields.SiteId, ct);
        if (now is null && fields.Kind is { } kind && Networks.Read(fields.Network) is { } network)
        {
            var isV4 = kind is PoolType.Ipv4Public or PoolType.Ipv4Private;
            faults.Check(
                network.IsV4() == isV4,
                "network",
                "wrong_family",
                isV4 ? "An IPv4 network is meant." : "An IPv6 network is meant."
            );
            if (network.IsV4() == isV4)
            {
                var isPool = await work.Connection.ExecuteScalarAsync<bool>(
                    new CommandDefinition(
                        """
                        SELECT EXISTS (SELECT 1 FROM ipam_prefixes WHERE tenant_id = current_tenant() AND space = coalesce(@VrfId, tenant_id)
                            AND network = @network::cidr AND is_pool)
                        """,
                        new { fields.VrfId, network = network.ToString() },
                        work.Transaction,
                        cancellationToken: ct
                    )
                );
                range = PoolRange.Of(network, fields.DelegationLength!.Value, fields.First, fields.Last, isPool, faults);
            }
        }

        gatewayChanges = now is not null && !Equals(fields.Address(fields.Gateway), now.Gateway);
        return faults.Error is { } error ? error : fields;
    }

    public AddressPool Make(Guid tenantId, Guid id, DateTimeOffset at) =>
        new()
        {
            TenantId = tenantId,
            Id = id,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public void Apply(PoolFields fields, AddressPool pool)
    {
        pool.Name = fields.Name!;
        pool.Kind = fields.Kind!.Value;
        pool.Unit = (short)fields.DelegationLength!.Value;
        pool.VrfId = fields.VrfId;
        pool.SiteId = fields.SiteId;
        pool.Gateway = fields.Address(fields.Gateway);
        pool.Status = Words.Read<PoolStatus>(fields.Status)!.Value;
        pool.IsDefault = fields.IsDefault!.Value;
        pool.QuarantineSeconds = fields.QuarantineSeconds!.Value;
        pool.WarnPercent = (short)fields.WarnPercent!.Value;
        pool.Description = fields.Description;
        var servers = fields.DnsServers!.Select(d => IPAddress.Parse(d!).ToString()).ToArray();
        if (!servers.SequenceEqual(pool.DnsServers))
        {
            pool.DnsServers = servers;
        }
    }

    public PoolFields FieldsOf(AddressPool pool) =>
        new(
            pool.Name,
            Words.Of(pool.Kind),
            DelegationLength: pool.Unit,
            VrfId: pool.VrfId,
            SiteId: pool.SiteId,
            Gateway: pool.Gateway?.ToString(),
            DnsServers: pool.DnsServers,
            Status: Words.Of(pool.Status),
            IsDefault: pool.IsDefault,
            QuarantineSeconds: pool.QuarantineSeconds,
            WarnPercent: pool.WarnPercent,
            Description: pool.Description
        );

    /// <summary>Finds the prefix that it hands out of; without one the plan gets the pool's network as a prefix.</summary>
    public async Task<Error?> AddingAsync(AddressPool pool, PoolFields fields, CancellationToken ct)
    {
        await ranges.LockAsync(ct);
        var network = Networks.Read(fields.Network)!.Value;
        var around = await db.Set<Prefix>()
            .Where(p => p.VrfId == pool.VrfId)
            .Where(p => EF.Functions.ContainsOrEqual(p.Network, network))
            .ToListAsync(ct);
        var nearest = around.MaxBy(p => p.Network.PrefixLength);
        if (nearest is { Status: not PrefixStatus.Container } || nearest?.Network == network)
        {
            pool.PrefixId = nearest.Id;
            return null;
        }

        var prefix = new Prefix
        {
            TenantId = pool.TenantId,
            Id = Guid.CreateVersion7(),
            VrfId = pool.VrfId,
            Network = network,
            SiteId = pool.SiteId,
            CreatedAt = pool.CreatedAt,
            UpdatedAt = pool.UpdatedAt,
        };
        db.Add(prefix);
        pool.PrefixId = prefix.Id;
        return await db.TrySaveAsync(
            ct,
            null,
            ("ipam_prefixes_apart", PrefixRegister.Overlaps),
            ("ipam_prefixes_network_key", PrefixRegister.Taken)
        );
    }

    public Task<Error?> AddedAsync(AddressPool pool, PoolFields fields, CancellationToken ct) => ranges.AddAsync(pool, range!, ct);

    public Task<Error?> UpdatedAsync(AddressPool pool, CancellationToken ct) =>
        gatewayChanges ? ranges.GatewayAsync(pool, ct) : Task.FromResult<Error?>(null);

    public async Task<Error?> RemovingAsync(AddressPool pool, CancellationToken ct)
    {
        await ranges.LockAsync(ct);
        if (await PoolCount.HeldAsync(work, pool.Id, ct) is > 0 and var held)
        {
            return Error.Conflict("ipam_pool.in_use", $"{held} addresses or prefixes of it are held. Release them first.");
        }

        await PoolCount.ForgetAsync(work, pool.Id, ct);
        return null;
    }

    public Task<PoolView?> ViewAsync(Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<PoolView>(
            new CommandDefinition(PoolView.Listing.Select + "WHERE p.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
