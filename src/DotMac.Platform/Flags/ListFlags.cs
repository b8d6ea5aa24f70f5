using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Flags;

/// <summary>All flags of one's own tenant, with what they do.</summary>
public static class ListFlags
{
    [Requires("settings.read")]
    public sealed record Query;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/tenant/flags", Get).WithName(nameof(ListFlags));

    private static async Task<Results<Ok<FlagList>, ProblemHttpResult>> Get(IHandle<Query, FlagList> handler, CancellationToken ct) =>
        (await handler.Handle(new Query(), ct)).ToHttp();

    internal sealed class Handler(PlatformDb db) : IHandle<Query, FlagList>
    {
        public async Task<Result<FlagList>> Handle(Query query, CancellationToken ct)
        {
            var set = await db.Flags.AsNoTracking().ToDictionaryAsync(f => f.Name, StringComparer.Ordinal, ct);
            return new FlagList([.. FlagKind.All.Select(k => FlagView.Of(k, set.GetValueOrDefault(k.Name)))]);
        }
    }
}
