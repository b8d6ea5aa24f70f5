using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>One finding: what is wanted, applied and seen, and what the repair would do. Its token confirms the repair.</summary>
/// <remarks><b>Errors:</b> <c>finding.not_found</c> 404.</remarks>
public static class GetFinding
{
    [Requires("isp.oss.read")]
    public sealed record Command(Guid Id);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/reconciliation/findings/{id:guid}", Get).WithName(nameof(GetFinding));

    private static async Task<Results<Ok<FindingView>, ProblemHttpResult>> Get(
        Guid id,
        IHandle<Command, FindingView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, FindingView>
    {
        public async Task<Result<FindingView>> Handle(Command command, CancellationToken ct) =>
            await FindingView.FindAsync(work, command.Id, ct) is { } view ? view : ReconciliationErrors.NotFound;
    }
}
