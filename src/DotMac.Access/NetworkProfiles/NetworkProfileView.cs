using Dapper;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Where an address is in its life.</summary>
/// <param name="State">pending, allocated, active, suspended, revoking, revoked or failed.</param>
/// <param name="ChangedAt">Since when; null while it is as it was made.</param>
/// <param name="MayBecome">The states that it can go to from here.</param>
public sealed record AddressLifeView(
    string State,
    DateTimeOffset? ChangedAt,
    DateTimeOffset? AllocatedAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? RevokedAt,
    IReadOnlyList<string> MayBecome
)
{
    internal static AddressLifeView Of(NetworkProfile? profile, AddressFamilyKind family)
    {
        var state = profile?.StateOf(family) ?? AddressState.Pending;
        string[] next = [.. Enum.GetValues<AddressState>().Where(s => state.MayBecome(s)).Select(s => Words.Of(s))];
        return family == AddressFamilyKind.Ipv4
            ? new(Words.Of(state), profile?.Ipv4ChangedAt, profile?.Ipv4AllocatedAt, profile?.Ipv4ActivatedAt, profile?.Ipv4RevokedAt, next)
            : new(
                Words.Of(state),
                profile?.Ipv6ChangedAt,
                profile?.Ipv6AllocatedAt,
                profile?.Ipv6ActivatedAt,
                profile?.Ipv6RevokedAt,
                next
            );
    }
}

/// <summary>A subscriber's network profile: what its line is wanted to be, and what was seen of it.</summary>
/// <param name="IsStored">False: nobody has made a profile; this is what the subscriber was given without one. The first change makes it.</param>
/// <param name="LastValidationResult">match, mismatch or missing: what comparing the line's ids with the latest sign-on gave.</param>
/// <param name="Option82MismatchCount">Sign-ons from elsewhere, or without ids, since the subscriber was made.</param>
/// <param name="Version">For If-Match; grows with the subscriber's row as well.</param>
public sealed record NetworkProfileView(
    Guid SubscriberId,
    bool IsStored,
    string? CircuitId,
    string? RemoteId,
    string Option82Policy,
    int? ServiceVlan,
    int? InnerVlan,
    bool QinqEnabled,
    string? VlanPool,
    string? StaticIpv4,
    string? Ipv4Netmask,
    string? Ipv4Pool,
    string? Ipv6AssignmentMode,
    string? StaticIpv6,
    string? Ipv6Prefix,
    string? Ipv6Pool,
    string? DelegatedIpv6Prefix,
    int Ipv6PdSize,
    string? PdPool,
    string? NasIpv4Pool,
    string? NasIpv6Pool,
    string? NasPdPool,
    Guid? SiteId,
    AddressLifeView Ipv4,
    AddressLifeView Ipv6,
    DateTimeOffset? LastValidatedAt,
    string? LastValidationResult,
    long Option82MismatchCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version
)
{
    private sealed record Seen(DateTimeOffset LastValidatedAt, short LastResult, long MismatchCount);

    internal static async Task<NetworkProfileView> OfAsync(UnitOfWork work, Line line, CancellationToken ct)
    {
        var seen = await work.Connection.QuerySingleOrDefaultAsync<Seen>(
            new CommandDefinition(
                "SELECT last_validated_at, last_result, mismatch_count FROM line_validations WHERE subscriber_id = @Id",
                new { line.Subscriber.Id },
                work.Transaction,
                cancellationToken: ct
            )
        );
        var f = NetworkProfileFields.Of(line.Facts);
        return new NetworkProfileView(
            line.Subscriber.Id,
            line.Profile is not null,
            f.CircuitId,
            f.RemoteId,
            f.Option82Policy!,
            f.ServiceVlan,
            f.InnerVlan,
            f.QinqEnabled!.Value,
            f.VlanPool,
            f.StaticIpv4,
            f.Ipv4Netmask,
            f.Ipv4Pool,
            f.Ipv6AssignmentMode,
            f.StaticIpv6,
            f.Ipv6Prefix,
            f.Ipv6Pool,
            f.DelegatedIpv6Prefix,
            f.Ipv6PdSize!.Value,
            f.PdPool,
            f.NasIpv4Pool,
            f.NasIpv6Pool,
            f.NasPdPool,
            f.SiteId,
            AddressLifeView.Of(line.Profile, AddressFamilyKind.Ipv4),
            AddressLifeView.Of(line.Profile, AddressFamilyKind.Ipv6),
            seen?.LastValidatedAt,
            seen is null ? null : LineResult(seen.LastResult),
            seen?.MismatchCount ?? 0,
            line.Profile?.CreatedAt ?? line.Subscriber.CreatedAt,
            Later(line.Profile?.UpdatedAt, line.Subscriber.UpdatedAt),
            line.Version
        );
    }

    private static DateTimeOffset Later(DateTimeOffset? one, DateTimeOffset other) => one > other ? one.Value : other;

    /// <summary>The AAA plane's numbers (line_validations.last_result).</summary>
    private static string LineResult(short number) =>
        number switch
        {
            1 => "match",
            2 => "mismatch",
            3 => "missing",
            _ => "unknown",
        };
}
