using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
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

    /// <summary>What one would need to do the same by hand.</summary>
    internal static string Needed(FindingKind kind) =>
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

    internal sealed class Handler(UnitOfWork work, FindingRepairs repairs) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var finding = await FindingView.FindAsync(work, command.Id, ct);
            if (repairs.Refusal(finding, command.Token) is { } refusal)
            {
                return refusal;
            }

            var started = await repairs.StartAsync(finding!, ct);
            return started.Error is { } busy ? busy : new Response(started.Value);
        }
    }
}
