using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Network.Ipam.Registry;

namespace DotMac.Network.Ipam.Prefixes;

/// <summary>What a caller may say about a prefix.</summary>
/// <param name="Prefix">As <c>100.64.0.0/16</c>, without bits behind its length; stays as it is.</param>
/// <param name="VrfId">Null: the global table. Stays as it is.</param>
/// <param name="Status"><c>container</c> (has others inside), <c>active</c> (when left out), <c>reserved</c>, <c>deprecated</c>.</param>
/// <param name="IsPool">Its first and last address can be used too.</param>
public sealed record PrefixFields(
    string? Prefix = null,
    Guid? VrfId = null,
    Guid? SiteId = null,
    Guid? VlanId = null,
    string? Status = null,
    string? Role = null,
    bool? IsPool = null,
    string? Description = null
);

internal sealed class PrefixRegister(UnitOfWork work, Known known) : IRegister<Prefix, PrefixFields, PrefixView>
{
    public static readonly Error Taken = Error.Conflict("ipam_prefix.taken", "This prefix is in the VRF already.");

    public static readonly Error Overlaps = Error.Conflict(
        "ipam_prefix.overlaps",
        "It lies within, or around, a prefix of this VRF that is no container. Make the outer one a container, or choose another prefix."
    );

    private static readonly Error InUse = Error.Conflict("ipam_prefix.in_use", "Pools hand out of it. Remove them first.");

    public Error NotFound { get; } = Error.NotFound("ipam_prefix.not_found", "There is no such prefix.");

    public Error Changed { get; } = Error.Changed("ipam_prefix.changed");

    public IReadOnlyList<(string, Error)> Conflicts { get; } =
    [("ipam_prefixes_network_key", Taken), ("ipam_prefixes_apart", Overlaps), ("ipam_pools_prefix_fkey", InUse)];

    public async Task<Result<PrefixFields>> CheckAsync(PrefixFields given, Prefix? now, CancellationToken ct)
    {
        var network = Networks.Read(given.Prefix);
        var fields = given with
        {
            Prefix = network?.ToString(),
            Status = Filters.Clean(given.Status) ?? "active",
            Role = Filters.Clean(given.Role),
            IsPool = given.IsPool ?? false,
            Description = Filters.Clean(given.Description),
        };
        var faults = new Faults()
            .Check(given.Prefix is not null, "prefix", "required", "This must be given.")
            .Check(given.Prefix is null || network is not null, "prefix", "bad_format", "As 100.64.0.0/16, without bits behind its length.")
            .Check(network is null || network.Value.PrefixLength > 0, "prefix", "out_of_range", "From /1 on.")
            .Check(
                now is null || (now.Network == network && now.VrfId == fields.VrfId),
                "prefix",
                "fixed",
                "A prefix and its VRF stay as they are. Add another one."
            )
            .Check(Words.Read<PrefixStatus>(fields.Status) is not null, "status", "unknown", $"One of {Words.All<PrefixStatus>()}.")
            .Text("role", fields.Role, 0, 50)
            .Text("description", fields.Description, 0, 500);
        await known.VrfAsync(faults, fields.VrfId, ct);
        await known.SiteAsync(faults, fields.SiteId, ct);
        await known.VlanAsync(faults, fields.VlanId, ct);
        return faults.Error is { } error ? error : fields;
    }

    public Prefix Make(Guid tenantId, Guid id, DateTimeOffset at) =>
        new()
        {
            TenantId = tenantId,
            Id = id,
            CreatedAt = at,
            UpdatedAt = at,
        };

    public void Apply(PrefixFields fields, Prefix prefix)
    {
        prefix.Network = Networks.Read(fields.Prefix)!.Value;
        prefix.VrfId = fields.VrfId;
        prefix.SiteId = fields.SiteId;
        prefix.VlanId = fields.VlanId;
        prefix.Status = Words.Read<PrefixStatus>(fields.Status)!.Value;
        prefix.Role = fields.Role;
        prefix.IsPool = fields.IsPool!.Value;
        prefix.Description = fields.Description;
    }

    public PrefixFields FieldsOf(Prefix prefix) =>
        new(
            prefix.Network.ToString(),
            prefix.VrfId,
            prefix.SiteId,
            prefix.VlanId,
            Words.Of(prefix.Status),
            prefix.Role,
            prefix.IsPool,
            prefix.Description
        );

    public async Task<Error?> RemovingAsync(Prefix prefix, CancellationToken ct) =>
        await ViewAsync(prefix.Id, ct) is { Status: not PrefixStatus.Container, AddressCount: > 0 and var held }
            ? Error.Conflict("ipam_prefix.has_addresses", $"{held} addresses or prefixes in it are held. Release them first.")
            : null;

    public Task<PrefixView?> ViewAsync(Guid id, CancellationToken ct) =>
        work.Connection.QuerySingleOrDefaultAsync<PrefixView>(
            new CommandDefinition(PrefixView.Listing.Select + "WHERE p.id = @id", new { id }, work.Transaction, cancellationToken: ct)
        );
}
