using System.Text.Json;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Mends a finding as it was shown: a run looks once more, does the one thing, and writes down that it is mended.</summary>
/// <remarks>
/// <b>Errors:</b> <c>permission.missing</c> 403 (of what it mends: the address plan, the OLT, sessions or the line), <c>finding.not_found</c> 404, <c>finding.gone</c> 409, <c>run.subject_busy</c> 409, <c>finding.changed</c> 412 (the token is
/// not of the finding as it is now), <c>finding.no_fix</c> 422.
/// </remarks>
public static class RepairFinding
{
    /// <param name="Token">Of the finding as it was shown.</param>
    public sealed record Body(string Token);

    [Requires("isp.oss.configure")]
    public sealed record Command(Guid Id, string Token);

    public sealed record Response(Guid RunId);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/reconciliation/findings/{id:guid}/repair", Post).WithName(nameof(RepairFinding));

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> Post(
        Guid id,
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    )
    {
        var result = await handler.Handle(new Command(id, body.Token), ct);
        return result.Error is { } error
            ? Problems.ToProblem(error)
            : TypedResults.Accepted(RunProgress.Location(result.Value.RunId), result.Value);
    }

    internal sealed class Handler(UnitOfWork work, ISagaRuns runs, FindingBook book, AuditTrail audit, CurrentCaller caller)
        : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var finding = await FindingView.FindAsync(work, command.Id, ct);
            if (Refusal(finding, command.Token) is { } refusal)
            {
                return refusal;
            }

            if (Grants.Missing(caller.Value, Needed(finding!.Kind)) is { } forbidden)
            {
                return forbidden;
            }

            var state = new RepairState
            {
                FindingId = finding.Id,
                Kind = finding.Kind,
                Fingerprint = finding.Fingerprint,
                SubjectId = finding.SubjectId!.Value,
                Label = finding.SubjectLabel,
                Facts = JsonSerializer.Deserialize<FindingFacts>(finding.Facts, SagaJson.Options)!,
            };
            var started = await runs.StartAsync(RepairSaga.Name, state, new RunOrder(finding.SubjectId, finding.SubjectLabel), ct);
            if (started.Error is { } busy)
            {
                return busy;
            }

            await book.RunStartedAsync(finding.Id, started.Value, ct);
            audit.Note(
                "finding.repair_confirmed",
                "reconciliation_finding",
                finding.Id.ToString(),
                after: JsonSerializer.Serialize(
                    new
                    {
                        finding.What,
                        finding.Fix,
                        run = started.Value,
                    }
                )
            );
            return new Response(started.Value);
        }

        /// <summary>What one would need to do the same by hand.</summary>
        private static string Needed(FindingKind kind) =>
            kind switch
            {
                FindingKind.OnuWithoutOwner or FindingKind.OwnerWithoutOnu or FindingKind.OnuDiffers => Grants.Pon,
                FindingKind.SessionForeignAddress or FindingKind.SessionWithoutRight => Grants.Sessions,
                FindingKind.LeakedAddress
                or FindingKind.LeakedVlan
                or FindingKind.AddressNotInPlan
                or FindingKind.AddressDiffers
                or FindingKind.WrongVlan
                or FindingKind.VlanNotInPlan => Grants.Ipam,
                _ => Grants.Radius,
            };

        private static Error? Refusal(FindingView? finding, string token) =>
            finding is null ? ReconciliationErrors.NotFound
            : finding.GoneAt is not null ? ReconciliationErrors.Gone
            : finding.Fix is null || finding.SubjectId is null ? ReconciliationErrors.NoFix
            : finding.Token != token ? ReconciliationErrors.Changed
            : null;
    }
}
