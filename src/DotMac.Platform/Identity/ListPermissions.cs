using DotMac.Kernel.Http;
using DotMac.Kernel.Paging;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Identity;

/// <summary>What roles and API keys of a tenant can be made of.</summary>
public static class ListPermissions
{
    [Requires("roles.read")]
    public sealed record Query;

    public sealed record Item(string Name, string Area, string Description);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/permissions", Get).WithName(nameof(ListPermissions));

    private static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> Get(IHandle<Query, Page<Item>> handler, CancellationToken ct) =>
        (await handler.Handle(new Query(), ct)).ToHttp();

    internal sealed class Handler : IHandle<Query, Page<Item>>
    {
        public Task<Result<Page<Item>>> Handle(Query query, CancellationToken ct)
        {
            var items = Permissions.All.Where(p => !p.IsPlatform).Select(p => new Item(p.Name, p.Area, p.Description)).ToList();
            return Task.FromResult<Result<Page<Item>>>(new Page<Item>(items, Total: items.Count));
        }
    }
}
