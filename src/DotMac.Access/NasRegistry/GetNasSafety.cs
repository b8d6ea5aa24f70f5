using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NasRegistry;

/// <summary>Which NAS can still be abused by CVE-2024-3596 ("BlastRADIUS"), and what to do about each. The unsafe ones first.</summary>
public static class GetNasSafety
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    /// <param name="UnsignedShare">Share of its Access-Requests of the last day that carried no Message-Authenticator, 0 to 1; null: it sent none.</param>
    /// <param name="Verdict">safe, learning, unsafe or silent.</param>
    /// <param name="Advice">What to do; null when nothing is to be done.</param>
    public sealed record Item(
        Guid NasId,
        string Shortname,
        string Policy,
        long Requests,
        long UnsignedRequests,
        double? UnsignedShare,
        DateTimeOffset? LastUnsignedAt,
        DateTimeOffset? LastSeenAt,
        string Verdict,
        string? Advice
    );

    public sealed record Response(int Safe, int Learning, int Unsafe, int Silent, IReadOnlyList<Item> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/nas/safety", Get).WithName(nameof(GetNasSafety));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    /// <summary>The judgement, apart from where its figures come from.</summary>
    internal static (string Verdict, string? Advice) Judge(MessageAuthenticatorPolicy policy, bool proven, long requests, long unsigned) =>
        (policy, proven, requests, unsigned) switch
        {
            (MessageAuthenticatorPolicy.Require, _, 0, _) => ("safe", null),
            (MessageAuthenticatorPolicy.Require, _, _, _) => ("safe", null),
            (MessageAuthenticatorPolicy.Auto, true, _, _) => (
                "safe",
                "It signs, and unsigned requests are refused until this server forgets: set message_authenticator_policy to require to keep it so."
            ),
            (MessageAuthenticatorPolicy.Ignore, _, > 0, 0) => (
                "unsafe",
                "It signs all its requests: set message_authenticator_policy to require."
            ),
            (MessageAuthenticatorPolicy.Ignore, _, _, _) => (
                "unsafe",
                "Update its software so that it sends Message-Authenticator, then set message_authenticator_policy to require. Until then keep its way to this server in a network of its own or in RadSec."
            ),
            (_, _, 0, _) => ("silent", "It sent no Access-Request in the last day; nothing is known."),
            (_, _, _, 0) => ("learning", "It signed every request so far; after 16 in a row unsigned ones are refused."),
            _ => (
                "unsafe",
                "It sends requests without Message-Authenticator. Switch that on there (most vendors have a setting since July 2024), or set the policy to ignore to say that it cannot."
            ),
        };

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string Sql = """
            SELECT n.id, n.shortname, n.message_authenticator_policy AS policy, coalesce(a.proven_signing, false) AS proven,
                coalesce(d.requests, 0)::bigint AS requests, coalesce(d.unsigned, 0)::bigint AS unsigned, a.last_unsigned_at, a.last_seen_at
            FROM nas n LEFT JOIN nas_activity a ON a.tenant_id = n.tenant_id AND a.nas_id = n.id
            LEFT JOIN (
                SELECT nas_id, sum(accepts + rejects) AS requests, sum(unsigned) AS unsigned
                FROM nas_minutes WHERE minute > now() - interval '1 day' GROUP BY nas_id
            ) d ON d.nas_id = n.id
            WHERE n.enabled ORDER BY lower(n.shortname)
            """;

        private static readonly string[] Order = ["unsafe", "learning", "silent", "safe"];

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var rows = await work.Connection.QueryAsync<Row>(new CommandDefinition(Sql, null, work.Transaction, cancellationToken: ct));
            var items = rows.Select(r => r.ToItem()).OrderBy(i => Array.IndexOf(Order, i.Verdict)).ToList();
            return new Response(Count("safe"), Count("learning"), Count("unsafe"), Count("silent"), items);

            int Count(string verdict) => items.Count(i => i.Verdict == verdict);
        }

        private sealed record Row(
            Guid Id,
            string Shortname,
            short Policy,
            bool Proven,
            long Requests,
            long Unsigned,
            DateTimeOffset? LastUnsignedAt,
            DateTimeOffset? LastSeenAt
        )
        {
            public Item ToItem()
            {
                var policy = (MessageAuthenticatorPolicy)Policy;
                var (verdict, advice) = Judge(policy, Proven, Requests, Unsigned);
                return new Item(
                    Id,
                    Shortname,
                    NasFields.Word(policy),
                    Requests,
                    Unsigned,
                    Requests == 0 ? null : Math.Round((double)Unsigned / Requests, 4),
                    LastUnsignedAt,
                    LastSeenAt,
                    verdict,
                    advice
                );
            }
        }
    }
}
