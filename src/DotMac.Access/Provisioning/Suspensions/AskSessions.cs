using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>What is online follows: it is dropped, or told the garden's filter where the tenant wants that.</summary>
internal sealed class AskSessions(ISessionOrders sessions, UnitOfWork work, TimeProvider clock) : ISagaAction<AccessChange>
{
    public async Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        if (state.IsOvertaken)
        {
            return StepResult.Skip("Something else was decided since.");
        }

        state.SessionsAskedAt = clock.GetUtcNow();
        var isTold =
            state.Wanted is { Access: LineAccess.Garden, FilterId: not null }
            && await work.Connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(
                    "SELECT coalesce((SELECT garden_by_coa FROM suspension_settings), false)",
                    transaction: work.Transaction,
                    cancellationToken: ct
                )
            );
        state.Sessions = isTold
            ? await sessions.FilterAsync(state.SubscriberId, state.Wanted.FilterId!, step.StartedBy, ct)
            : await sessions.DropAsync(state.SubscriberId, step.StartedBy, ct);
        return state.Sessions == 0
            ? StepResult.Skip("Nothing is online.")
            : StepResult.Ok(new { state.Sessions, asked = isTold ? "coa" : "disconnect" });
    }

    public Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("A session that was dropped signs on again by itself."));
}

/// <summary>The NAS have answered. One that stays silent is asked on in the background; here it is a repair task meanwhile.</summary>
internal sealed class AwaitSessions(ISessionOrders sessions) : ISagaAction<AccessChange>
{
    public async Task<StepResult> RunAsync(AccessChange state, StepContext step, CancellationToken ct)
    {
        if (state.IsOvertaken || state.Sessions == 0)
        {
            return StepResult.Skip("Nothing was asked.");
        }

        return SessionAnswers.Read(await sessions.StandAsync(state.SubscriberId, state.SessionsAskedAt!.Value, ct));
    }

    public Task<StepResult> UndoAsync(AccessChange state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("Nothing was done here."));
}

/// <summary>How the answers of NAS read as a step's result.</summary>
internal static class SessionAnswers
{
    public static StepResult Read(SessionOrdersStanding standing) =>
        standing switch
        {
            { Waiting: > 0 } => StepResult.Fail(
                "nas.silent",
                $"{standing.Waiting} sessions wait for their NAS. {standing.Message}",
                mayPass: true
            ),
            { Refused: > 0 } => StepResult.Fail("nas.refused", $"{standing.Refused} sessions were not changed. {standing.Message}"),
            _ => StepResult.Ok(standing),
        };
}
