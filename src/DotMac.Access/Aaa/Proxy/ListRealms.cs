using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Which realm goes where, and EAP: the enabled upstreams of each, the first asked first.</summary>
public static class ListRealms
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    public sealed record Way(Guid UpstreamId, string Name, int Priority, bool StripRealm, bool Eap);

    public sealed record Realm(string Name, IReadOnlyList<Way> Upstreams);

    /// <param name="Items">Realms by name; <c>*</c> is every realm that no other line names.</param>
    /// <param name="Eap">Where EAP goes whose realm no upstream names; empty: it is rejected as method.unsupported.</param>
    public sealed record Response(IReadOnlyList<Realm> Items, IReadOnlyList<Way> Eap);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/realms", Get).WithName(nameof(ListRealms));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var upstreams = await UpstreamView.ReadAsync(work, "WHERE u.enabled ORDER BY u.priority, lower(u.name)", new { }, ct);
            var realms = upstreams
                .SelectMany(u => u.Realms.Select(r => (Realm: r, Way: Show(u))))
                .GroupBy(r => r.Realm, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new Realm(g.Key, [.. g.Select(r => r.Way)]));
            return new Response(
                [.. realms],
                [.. upstreams.Where(u => u.Eap && (u.Realms.Count == 0 || u.Realms.Contains("*", StringComparer.Ordinal))).Select(Show)]
            );
        }

        private static Way Show(UpstreamView upstream) =>
            new(upstream.Id, upstream.Name, upstream.Priority, upstream.StripRealm, upstream.Eap);
    }
}
