using System.Net;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;

namespace DotMac.Access.NetworkProfiles;

/// <summary>Whether an address or prefix of a line belongs to another one already, and to whom.</summary>
internal static class AddressConflicts
{
    private sealed record Holder(string Field, string Value, string Name);

    // Two lines that ask for one address at one time ask one after the other; so do one that asks for a prefix and one that asks for a part of it,
    // but not those that ask for two parts of one. What the unique indexes of subscribers forbid they forbid anyway.
    private const string Wait = """
        SELECT count(CASE WHEN whole THEN pg_advisory_xact_lock(h) ELSE pg_advisory_xact_lock_shared(h) END) FROM (
            SELECT hashtextextended('line address ' || @TenantId::text || ' ' || a, 0) AS h, a = ANY (@own::text[]) AS whole
            FROM unnest(@own::text[] || @names::text[]) AS a GROUP BY a ORDER BY h) AS locks;

        """;

    // A delegated prefix collides with the same one, with one that contains it, and with one inside it. These are two looks into the index: joined by
    // OR, with an array that is cast, or with LIMIT 1 the planner reads through all lines instead.
    internal const string Find = """
        SELECT field, value, name FROM (
            SELECT 'static_ipv4' AS field, host(framed_ipv4_address) AS value, username || ' (' || subscriber_number || ')' AS name, id
            FROM subscribers WHERE framed_ipv4_address = @v4::inet AND deleted_at IS NULL
            UNION ALL
            SELECT 'static_ipv6', host(framed_ipv6_address), username || ' (' || subscriber_number || ')', id
            FROM subscribers WHERE framed_ipv6_address = @v6::inet AND deleted_at IS NULL AND status <> 4
            UNION ALL
            SELECT 'ipv6_prefix', framed_ipv6_prefix::text, username || ' (' || subscriber_number || ')', id
            FROM subscribers WHERE framed_ipv6_prefix = @prefix::cidr AND deleted_at IS NULL AND status <> 4
            UNION ALL
            SELECT 'delegated_ipv6_prefix', delegated_ipv6_prefix::text, username || ' (' || subscriber_number || ')', id
            FROM subscribers WHERE deleted_at IS NULL AND delegated_ipv6_prefix = ANY (@around)
            UNION ALL
            SELECT 'delegated_ipv6_prefix', delegated_ipv6_prefix::text, username || ' (' || subscriber_number || ')', id
            FROM subscribers WHERE deleted_at IS NULL
                AND delegated_ipv6_prefix BETWEEN @delegated::cidr AND set_masklen(broadcast(@delegated::cidr), 128)::cidr
        ) AS taken WHERE id <> @self
        """;

    /// <summary>Of the line's fields each that another one has. Looks only at what changes.</summary>
    public static async Task<IReadOnlyList<Fault>> FindAsync(
        UnitOfWork work,
        Guid self,
        LineFacts before,
        LineFacts after,
        CancellationToken ct
    )
    {
        var (v4, v6, prefix, delegated) = Changed(before, after);
        if ((v4, v6, prefix, delegated) is (null, null, null, null))
        {
            return [];
        }

        string[] own = [.. new[] { v4?.ToString(), v6?.ToString(), prefix?.ToString(), delegated?.ToString() }.OfType<string>()];
        var around = delegated is { } wanted ? Around(wanted) : [];
        await using var read = await work.Connection.QueryMultipleAsync(
            new CommandDefinition(
                Wait + Find,
                new
                {
                    work.TenantId,
                    own,
                    v4 = v4?.ToString(),
                    v6 = v6?.ToString(),
                    prefix = prefix?.ToString(),
                    delegated = delegated?.ToString(),
                    around,
                    names = around.Select(n => n.ToString()).ToArray(),
                    self,
                },
                work.Transaction,
                cancellationToken: ct
            )
        );
        await read.ReadSingleAsync<long>();
        var taken = await read.ReadAsync<Holder>();
        return
        [
            .. taken
                .DistinctBy(t => t.Field, StringComparer.Ordinal)
                .Select(t => NetworkProfileErrors.AddressTaken(t.Field, t.Value, $"the line of {t.Name}")),
        ];
    }

    /// <summary>Of the new addresses and prefixes those that the line has not already.</summary>
    internal static (IPAddress? V4, IPAddress? V6, IPNetwork? Prefix, IPNetwork? Delegated) Changed(LineFacts before, LineFacts after) =>
        (
            Equals(after.StaticIpv4, before.StaticIpv4) ? null : after.StaticIpv4,
            Equals(after.StaticIpv6, before.StaticIpv6) ? null : after.StaticIpv6,
            after.Ipv6Prefix == before.Ipv6Prefix ? null : after.Ipv6Prefix,
            after.DelegatedIpv6Prefix == before.DelegatedIpv6Prefix ? null : after.DelegatedIpv6Prefix
        );

    /// <summary>The prefix and every one that contains it, the shortest (/48) first.</summary>
    internal static IPNetwork[] Around(IPNetwork prefix)
    {
        var around = new List<IPNetwork>();
        for (var length = 48; length <= prefix.PrefixLength; length++)
        {
            var octets = prefix.BaseAddress.GetAddressBytes();
            for (var i = 0; i < octets.Length; i++)
            {
                octets[i] &= (byte)(0xFF << (8 - Math.Clamp(length - (i * 8), 0, 8)));
            }

            around.Add(new IPNetwork(new IPAddress(octets), length));
        }

        return [.. around];
    }
}
