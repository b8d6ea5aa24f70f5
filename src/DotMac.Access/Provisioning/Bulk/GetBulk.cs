using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>One job and how far it is.</summary>
/// <remarks><b>Errors:</b> <c>bulk.not_found</c> 404.</remarks>
public static class GetBulk
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/provisioning/bulk/{id:guid}", Get).WithName(nameof(GetBulk));

    private static async Task<Results<Ok<BulkView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, BulkView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, BulkView>
    {
        public async Task<Result<BulkView>> Handle(Command command, CancellationToken ct) =>
            await BulkView.FindAsync(work, command.Id, ct) is { } job ? job : BulkErrors.NotFound;
    }
}
