using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Platform.Identity;

/// <summary>Deletes an API key; its next request is refused. <b>Errors:</b> <c>api_key.not_found</c> 404.</summary>
public static class DeleteApiKey
{
    [Requires("api_keys.write")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDelete("/api-keys/{id:guid}", Delete).WithName(nameof(DeleteApiKey));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToNoContent();

    internal sealed class Handler(PlatformDb db) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == command.Id, ct);
            if (key is null)
            {
                return ApiKeyErrors.NotFound;
            }

            db.ApiKeys.Remove(key);
            await db.SaveChangesAsync(ct);
            return Done.Instance;
        }
    }
}
