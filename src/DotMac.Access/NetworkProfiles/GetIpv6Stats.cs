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

/// <summary>How the tenant's lines get IPv6, and where their addresses are in their life.</summary>
public static class GetIpv6Stats
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    /// <param name="Modes">Lines by their chosen mode; not_chosen for those that send what they have.</param>
    /// <param name="States">Stored profiles by the state of their IPv6 addresses.</param>
    /// <param name="DelegatedSizes">Delegated prefixes by length: "56".</param>
    public sealed record Response(
        IReadOnlyDictionary<string, long> Modes,
        IReadOnlyDictionary<string, long> States,
        IReadOnlyDictionary<string, long> DelegatedSizes
    );

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/network/ipv6/stats", Get).WithName(nameof(GetIpv6Stats));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string Groups = """
            SELECT 'mode' AS what, coalesce(ipv6_mode, -1)::int AS number, count(*) AS count FROM subscribers WHERE deleted_at IS NULL GROUP BY 2
            UNION ALL
            SELECT 'state', ipv6_state::int, count(*) FROM subscriber_network_profiles WHERE deleted_at IS NULL GROUP BY 2
            UNION ALL
            SELECT 'size', masklen(delegated_ipv6_prefix), count(*) FROM subscribers WHERE deleted_at IS NULL AND delegated_ipv6_prefix IS NOT NULL GROUP BY 2
            """;

        private sealed record Group(string What, int Number, long Count);

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var groups = (
                await work.Connection.QueryAsync<Group>(new CommandDefinition(Groups, transaction: work.Transaction, cancellationToken: ct))
            ).AsList();
            return new Response(
                By("mode", n => n < 0 ? "not_chosen" : Words.Of((Ipv6Mode)n)),
                By("state", n => Words.Of((AddressState)n)),
                By("size", n => n.ToString(System.Globalization.CultureInfo.InvariantCulture))
            );

            Dictionary<string, long> By(string what, Func<int, string> word) =>
                groups.Where(g => g.What == what).ToDictionary(g => word(g.Number), g => g.Count, StringComparer.Ordinal);
        }
    }
}
