using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Tenants;

/// <summary>One tenant, for the platform's administrator. <b>Errors:</b> <c>tenant.not_found</c> 404.</summary>
public static class GetTenantById
{
    [Requires("platform.tenants.read"), AcrossTenants]
    public sealed record Query(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/platform/tenants/{id:guid}", Get).WithName(nameof(GetTenantById));

    private static async Task<Results<Ok<TenantResponse>, ProblemHttpResult>> Get(
        Guid id,
        HttpResponse response,
        IHandle<Query, TenantResponse> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Query(id), ct)).ToHttp(response, t => t.Version);

    internal sealed class Handler(PlatformDb db) : IHandle<Query, TenantResponse>
    {
        public async Task<Result<TenantResponse>> Handle(Query query, CancellationToken ct)
        {
            var tenant = await db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.TenantId == query.Id, ct);
            return tenant is null ? TenantErrors.NotFound : TenantResponse.Of(tenant);
        }
    }
}
