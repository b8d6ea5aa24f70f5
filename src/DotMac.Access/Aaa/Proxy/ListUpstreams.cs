using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa.Proxy;

/// <summary>Upstreams in the order of their names; <c>q</c> looks into name and description.</summary>
public static class ListUpstreams
{
    [Requires("isp.radius.read")]
    public sealed record Command(string? Q = null, int? Limit = null, string? Cursor = null);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/radius/upstreams", Get).WithName(nameof(ListUpstreams));

    private static async Task<Results<Ok<Page<UpstreamView>>, ProblemHttpResult>> Get(
        [AsParameters] Command query,
        IHandle<Command, Page<UpstreamView>> handler,
        CancellationToken ct
    ) => (await handler.Handle(query, ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Page<UpstreamView>>
    {
        private const string Which = """
            WHERE (@pattern::text IS NULL OR lower(concat_ws(' ', u.name, u.description)) LIKE @pattern)
                AND (@after::text IS NULL OR lower(u.name) > lower(@after)) ORDER BY lower(u.name) LIMIT @take
            """;

        public async Task<Result<Page<UpstreamView>>> Handle(Command command, CancellationToken ct)
        {
            var limit = PageSize.Of(command.Limit);
            string? after = null;
            if (command.Cursor is { Length: > 0 })
            {
                if (Cursor.Decode(command.Cursor, 1) is not [{ } name])
                {
                    return Cursor.Malformed;
                }

                after = name;
            }

            var filter = new
            {
                pattern = Input.Contains(command.Q),
                after,
                take = limit + 1,
            };
            var rows = await UpstreamView.ReadAsync(work, Which, filter, ct);
            return Page<UpstreamView>.Of([.. rows], limit, u => u, u => Cursor.Encode(u.Name), null);
        }
    }
}
