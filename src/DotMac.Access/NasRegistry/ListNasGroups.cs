using Dapper;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.NasRegistry;

/// <summary>The groups that NAS are in or profiles name, with how many of each.</summary>
public static class ListNasGroups
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    /// <param name="NasCount">NAS in the group; 0: only profiles name it, and their subscribers can sign on nowhere by it.</param>
    public sealed record Group(string Name, long NasCount, long ProfileCount);

    public sealed record Response(IReadOnlyList<Group> Items);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/nas/groups", Get).WithName(nameof(ListNasGroups));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        private const string Sql = """
            SELECT name, sum(nas)::bigint AS nas_count, sum(profiles)::bigint AS profile_count FROM (
                SELECT lower(nas_group) AS name, 1 AS nas, 0 AS profiles FROM nas WHERE nas_group IS NOT NULL
                UNION ALL SELECT unnest(allowed_nas_groups), 0, 1 FROM radius_bandwidth_profiles
            ) AS named GROUP BY name ORDER BY name
            """;

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            new Response(
                (
                    await work.Connection.QueryAsync<Group>(new CommandDefinition(Sql, null, work.Transaction, cancellationToken: ct))
                ).ToList()
            );
    }
}
