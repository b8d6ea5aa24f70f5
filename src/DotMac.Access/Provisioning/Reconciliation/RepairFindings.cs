using Dapper;
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

/// <summary>Mends many findings as they were shown, each by a run of its own; what is not begun is named with its reason.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400. Of one finding, in its answer: <c>finding.not_found</c>, <c>finding.gone</c>, <c>finding.no_fix</c>,
/// <c>finding.changed</c> (the token is not of the finding as it is now), <c>permission.missing</c> (of what it mends). <b>Effects:</b> runs whose
/// parent the repair is; several of one subscriber are done one after the other, also behind a run that he has already.
/// </remarks>
public static class RepairFindings
{
    public const int Most = 500;

    /// <param name="Token">Of the finding as it was shown.</param>
    public sealed record Chosen(Guid Id, string? Token = null);

    /// <param name="Findings">1 to 500, each once.</param>
    public sealed record Body(IReadOnlyList<Chosen>? Findings = null);

    [Requires("isp.oss.configure")]
    public sealed record Command(IReadOnlyList<Chosen>? Findings);

    /// <param name="RepairId">Asks how it goes; null when none was begun.</param>
    /// <param name="Findings">One for each that was asked for, in that order.</param>
    public sealed record Response(Guid? RepairId, int Started, int UnderWay, int Refused, IReadOnlyList<Answer> Findings);

    /// <param name="Outcome">started; under_way (an earlier repair has it, see its run); refused (see code).</param>
    public sealed record Answer(Guid Id, RepairOutcome Outcome, Guid? RunId = null, string? Code = null, string? Detail = null);

    public enum RepairOutcome
    {
        Started,
        UnderWay,
        Refused,
    }

    internal static void Map(IEndpointRouteBuilder app) => app.MapPost("/reconciliation/repairs", Post).WithName(nameof(RepairFindings));

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> Post(
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    )
    {
        var result = await handler.Handle(new Command(body.Findings), ct);
        return result.Error is { } error
            ? Problems.ToProblem(error)
            : TypedResults.Accepted(result.Value.RepairId is { } id ? $"/api/v1/reconciliation/repairs/{id}" : null, result.Value);
    }

    /// <summary>All that is wrong with what was asked for.</summary>
    internal static Error? Fault(IReadOnlyList<Chosen>? chosen)
    {
        var faults = new Faults().Check(chosen is { Count: >= 1 and <= Most }, "findings", "out_of_range", $"From 1 to {Most}.");
        var seen = new HashSet<Guid>();
        for (var i = 0; i < Math.Min(chosen?.Count ?? 0, Most); i++)
        {
            faults
                .Check(seen.Add(chosen![i].Id), $"findings[{i}].id", "duplicate", "Each finding once.")
                .Check(
                    !string.IsNullOrEmpty(chosen[i].Token),
                    $"findings[{i}].token",
                    "required",
                    "Give the one of the finding as it was shown."
                );
        }

        return faults.Error;
    }

    internal sealed class Handler(UnitOfWork work, FindingRepairs repairs, FindingBook book, CurrentCaller caller, TimeProvider clock)
        : IHandle<Command, Response>
    {
        private const string Unfinished = "SELECT id FROM saga_runs WHERE id = ANY(@ids) AND status = ANY(@going)";

        private static readonly short[] Going =
        [
            (short)SagaStatus.Pending,
            (short)SagaStatus.Running,
            (short)SagaStatus.Compensating,
            (short)SagaStatus.Stuck,
        ];

        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (Fault(command.Findings) is { } fault)
            {
                return fault;
            }

            var chosen = command.Findings!;
            var found = await FindingView.LockAsync(work, [.. chosen.Select(c => c.Id)], ct);
            var going = await GoingAsync(found.Values, ct);
            var repair = Guid.CreateVersion7(clock.GetUtcNow());
            var answered = new Dictionary<Guid, Answer>(chosen.Count);
            // Subscriber by subscriber in one order for everybody, so that two repairs at once do not wait for each other; of one, as they were asked for.
            foreach (var one in chosen.OrderBy(c => found.GetValueOrDefault(c.Id)?.SubjectId))
            {
                answered[one.Id] = await AnswerAsync(one, found.GetValueOrDefault(one.Id), going, repair, ct);
            }

            var answers = chosen.Select(c => answered[c.Id]).ToList();
            var started = answers.Count(a => a.Outcome == RepairOutcome.Started);
            return new Response(
                started > 0 ? repair : null,
                started,
                answers.Count(a => a.Outcome == RepairOutcome.UnderWay),
                answers.Count(a => a.Outcome == RepairOutcome.Refused),
                answers
            );
        }

        private async Task<Answer> AnswerAsync(Chosen one, FindingView? finding, HashSet<Guid> going, Guid repair, CancellationToken ct)
        {
            if (finding is { GoneAt: null, RunId: { } run } && going.Contains(run))
            {
                return new Answer(one.Id, RepairOutcome.UnderWay, run);
            }

            if (repairs.Refusal(finding, one.Token!) is { } refusal)
            {
                return await RefuseAsync(one.Id, refusal, ct);
            }

            var begun = await repairs.QueueAsync(finding!, repair, ct);
            return begun.Error is { } error ? await RefuseAsync(one.Id, error, ct) : new Answer(one.Id, RepairOutcome.Started, begun.Value);
        }

        private async Task<Answer> RefuseAsync(Guid finding, Error why, CancellationToken ct)
        {
            await book.RefusedAsync(finding, caller.Value.Name, why, ct);
            return new Answer(finding, RepairOutcome.Refused, Code: why.Code, Detail: why.Message);
        }

        /// <summary>Those earlier repairs that have not ended.</summary>
        private async Task<HashSet<Guid>> GoingAsync(IEnumerable<FindingView> findings, CancellationToken ct)
        {
            var ids = findings.Select(f => f.RunId).OfType<Guid>().ToArray();
            return
            [
                .. await work.Connection.QueryAsync<Guid>(
                    new CommandDefinition(Unfinished, new { ids, going = Going }, work.Transaction, cancellationToken: ct)
                ),
            ];
        }
    }
}
