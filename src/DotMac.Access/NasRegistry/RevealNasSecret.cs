using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NasRegistry;

/// <summary>Shows a NAS's shared secret, once per call, and says so in the audit trail.</summary>
/// <remarks><b>Errors:</b> <c>nas.not_found</c> 404. <b>Effects:</b> audit entry <c>nas.secret_revealed</c>.</remarks>
public static class RevealNasSecret
{
    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id);

    public sealed record Response(string Secret);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/radius/nas/{id:guid}/reveal-secret", Post).WithName(nameof(RevealNasSecret));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Post(
        Guid id,
        IHandle<Command, Response> handler,
        HttpResponse response,
        CancellationToken ct
    )
    {
        response.Headers.CacheControl = "no-store";
        return (await handler.Handle(new Command(id), ct)).ToHttp();
    }

    internal sealed class Handler(AccessDb db, SecretBox box, AuditTrail audit) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var nas = await db.Nas.AsNoTracking().SingleOrDefaultAsync(n => n.Id == command.Id, ct);
            if (nas is null)
            {
                return NasErrors.NotFound;
            }

            audit.Note("nas.secret_revealed", "nas", nas.Id.ToString());
            return new Response(box.Open(SecretPurpose.NasSecret, nas.Secret));
        }
    }
}
