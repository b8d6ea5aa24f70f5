using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Platform.Audit;

/// <summary>Checks the hash chain of one's own tenant's audit trail from its first entry.</summary>
public static class VerifyAudit
{
    [Requires("audit.read")]
    public sealed record Query;

    public sealed record Response(bool Ok, long Checked, long? FirstBadSeq, string Head);

    internal static void Map(IEndpointRouteBuilder app) => app.MapGet("/audit/verify", Get).WithName(nameof(VerifyAudit));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Query, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Query(), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work) : IHandle<Query, Response>
    {
        public async Task<Result<Response>> Handle(Query query, CancellationToken ct)
        {
            var report = await AuditVerification.VerifyAsync(work.Connection, work.Transaction, work.TenantId!.Value, "", ct);
            return new Response(report.Ok, report.Checked, report.FirstBadSeq, report.Head);
        }
    }
}
