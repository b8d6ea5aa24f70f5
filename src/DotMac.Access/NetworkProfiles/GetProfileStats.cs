using Dapper;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NetworkProfiles;

/// <summary>How the tenant's lines are made up, counted over all subscribers that are not removed.</summary>
public static class GetProfileStats
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    /// <param name="Lines">Subscribers.</param>
    /// <param name="WithProfile">Of them, those with a stored profile.</param>
    /// <param name="SingleVlan">Lines sent a service VLAN alone.</param>
    /// <param name="QinqVlan">Lines sent an inner VLAN too.</param>
    /// <param name="Option82Policies">Lines with ids, by policy.</param>
    /// <param name="LastValidation">Lines by what the latest check of their ids gave: match, mismatch, missing.</param>
    /// <param name="Ipv4States">Stored profiles by the state of their IPv4 address.</param>
    public sealed record Response(
        long Lines,
        long WithProfile,
        long SingleVlan,
        long QinqVlan,
        long StaticIpv4,
        long StaticIpv6,
        long DelegatedPrefixes,
        IReadOnlyDictionary<string, long> Option82Policies,
        IReadOnlyDictionary<string, long> LastValidation,
        IReadOnlyDictionary<string, long> Ipv4States
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/network/profiles/stats", Get).WithName(nameof(GetProfileStats));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string Totals = """
            SELECT count(*) AS lines, count(p.subscriber_id) AS with_profile,
                count(*) FILTER (WHERE s.vlan_id IS NOT NULL AND NOT (s.inner_vlan IS NOT NULL AND coalesce(p.qinq_enabled, true))) AS single_vlan,
                count(*) FILTER (WHERE s.vlan_id IS NOT NULL AND s.inner_vlan IS NOT NULL AND coalesce(p.qinq_enabled, true)) AS qinq_vlan,
                count(s.framed_ipv4_address) AS static_ipv4,
                count(*) FILTER (WHERE s.framed_ipv6_address IS NOT NULL OR s.framed_ipv6_prefix IS NOT NULL) AS static_ipv6,
                count(s.delegated_ipv6_prefix) AS delegated_prefixes
            FROM subscribers s LEFT JOIN subscriber_network_profiles p ON p.subscriber_id = s.id AND p.deleted_at IS NULL
            WHERE s.deleted_at IS NULL
            """;

        private const string Groups = """
            SELECT 'policy' AS what, option82_policy AS number, count(*) AS count FROM subscribers
            WHERE deleted_at IS NULL AND (circuit_id IS NOT NULL OR remote_id IS NOT NULL) GROUP BY 2
            UNION ALL
            SELECT 'seen', v.last_result, count(*) FROM line_validations v JOIN subscribers s ON s.id = v.subscriber_id AND s.deleted_at IS NULL GROUP BY 2
            UNION ALL
            SELECT 'ipv4', ipv4_state, count(*) FROM subscriber_network_profiles WHERE deleted_at IS NULL GROUP BY 2
            """;

        private sealed record Total(
            long Lines,
            long WithProfile,
            long SingleVlan,
            long QinqVlan,
            long StaticIpv4,
            long StaticIpv6,
            long DelegatedPrefixes
        );

        private sealed record Group(string What, short Number, long Count);

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var total = await work.Connection.QuerySingleAsync<Total>(
                new CommandDefinition(Totals, transaction: work.Transaction, cancellationToken: ct)
            );
            var groups = (
                await work.Connection.QueryAsync<Group>(new CommandDefinition(Groups, transaction: work.Transaction, cancellationToken: ct))
            ).AsList();
            return new Response(
                total.Lines,
                total.WithProfile,
                total.SingleVlan,
                total.QinqVlan,
                total.StaticIpv4,
                total.StaticIpv6,
                total.DelegatedPrefixes,
                By("policy", n => Words.Of((Option82Policy)n)),
                By(
                    "seen",
                    n =>
                        n == 1 ? "match"
                        : n == 2 ? "mismatch"
                        : "missing"
                ),
                By("ipv4", n => Words.Of((AddressState)n))
            );

            Dictionary<string, long> By(string what, Func<short, string> word) =>
                groups.Where(g => g.What == what).ToDictionary(g => word(g.Number), g => g.Count, StringComparer.Ordinal);
        }
    }
}
