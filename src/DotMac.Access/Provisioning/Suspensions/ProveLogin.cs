using DotMac.Contracts.Access;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>A resumption ends with proof: the decision that answers Access-Requests would let the login in now.</summary>
internal sealed class ProveLogin(ILoginProof proof) : ISagaAction<AccessChange>
{
    public async Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        if (state.IsOvertaken)
        {
            return StepResult.Skip("Something else was decided since.");
        }

        var answer = await proof.AskAsync(state.SubscriberId, ct);
        if (answer is not { IsAccepted: true })
        {
            return StepResult.Fail(
                "resume.not_proved",
                answer is null ? "There is no such login any more." : $"A login would still be refused: {answer.Code}. {answer.Explanation}"
            );
        }

        state.Proof = answer.Code;
        return StepResult.Ok(answer, "The first login that is accepted is noted when it comes.");
    }

    public Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("Nothing was done here."));
}
