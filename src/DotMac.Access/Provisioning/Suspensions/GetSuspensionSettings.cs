using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>What the tenant wants done about each reason to suspend a line.</summary>
public static class GetSuspensionSettings
{
    [Requires("isp.radius.read")]
    public sealed record Command;

    /// <param name="GardenFilterId">Filter-Id of the walled garden, for lines that have none of their own.</param>
    /// <param name="GardenByCoa">Sessions are told the garden's filter, and dropped where a NAS will not; false: they are dropped and sign on anew.</param>
    public sealed record Response(string? GardenFilterId, bool GardenByCoa, IReadOnlyList<Policy> Policies);

    /// <param name="Action">garden (the walled garden, when there is one) or reject.</param>
    /// <param name="NeedsEvidence">Does nothing while nothing shows it.</param>
    public sealed record Policy(string Reason, string Action, bool OnuDown, bool PauseBilling, bool NeedsEvidence);

    internal static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/provisioning/suspension-settings", Get).WithName(nameof(GetSuspensionSettings));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Get(IHandle<Command, Response> handler, CancellationToken ct) =>
        (await handler.Handle(new Command(), ct)).ToHttp();

    internal static Response Of(SuspensionPolicies policies) =>
        new(
            policies.GardenFilterId,
            policies.GardenByCoa,
            [
                .. Enum.GetValues<SuspensionReason>()
                    .Select(policies.Of)
                    .Select(p => new Policy(
                        Words.Of(p.Reason),
                        p.LetsIntoGarden ? "garden" : "reject",
                        p.TakesOnuDown,
                        p.PausesBilling,
                        p.NeedsEvidence
                    )),
            ]
        );

    internal sealed class Handler(UnitOfWork work) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct) =>
            Of(await SuspensionPolicies.ReadAsync(work, ct));
    }
}
