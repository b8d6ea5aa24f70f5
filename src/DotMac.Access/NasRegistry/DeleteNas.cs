using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.NasRegistry;

/// <summary>Forgets a NAS that has no open session; its packets are ignored from then on, its history stays.</summary>
/// <remarks><b>Errors:</b> <c>nas.not_found</c> 404, <c>nas.in_use</c> 409 (sessions are open), <c>nas.changed</c> 412.</remarks>
public static class DeleteNas
{
    [Requires("isp.radius.write")]
    public sealed record Command(Guid Id, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app) => app.MapDelete("/radius/nas/{id:guid}", Delete).WithName(nameof(DeleteNas));

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(AccessDb db, UnitOfWork work) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            var nas = await db.Nas.SingleOrDefaultAsync(n => n.Id == command.Id, ct);
            if (nas is null)
            {
                return NasErrors.NotFound;
            }

            if (command.IfMatch is { } version && version != nas.Version)
            {
                return NasErrors.Changed;
            }

            if ((await NasView.FindAsync(work, nas.Id, ct))?.OnlineSessions is > 0 and var sessions)
            {
                return NasErrors.InUse(sessions);
            }

            db.Nas.Remove(nas);
            return await db.TrySaveAsync(ct, NasErrors.Changed) is { } error ? error : Done.Instance;
        }
    }
}
