using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Tenants;

/// <summary>The settings of one's own tenant.</summary>
public static class GetTenant
{
    [Requires("settings.read")]
    public sealed record Query;

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/tenant", Get).WithName(nameof(GetTenant));

    private static async Task<Results<Ok<TenantResponse>, ProblemHttpResult>> Get(
        HttpResponse response,
        IHandle<Query, TenantResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Query(), ct)).ToHttp(response, t => t.Version);

    internal sealed class Handler(PlatformDb db) : IHandle<Query, TenantResponse>
    {
        // Row-level security leaves exactly one row.
        public async Task<Result<TenantResponse>> Handle(Query query, CancellationToken ct) =>
            TenantResponse.Of(await db.Tenants.AsNoTracking().SingleAsync(ct));
    }
}
