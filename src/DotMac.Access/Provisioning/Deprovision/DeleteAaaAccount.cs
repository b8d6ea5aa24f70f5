using Dapper;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Data;
using DotMac.Kernel.Sagas;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Deprovision;

/// <summary>
/// Step 2: RADIUS has nothing to answer with any more: rates, addresses, VLANs, routes are gone. It waits a while for the sessions to end,
/// so that an address is not given to somebody else while it is in use; a NAS that does not answer holds up nothing for good.
/// </summary>
internal sealed class DeleteAaaAccount(AccessDb db, UnitOfWork work, ILineProfiles lines, TimeProvider clock)
    : ISagaAction<DeprovisionState>
{
    /// <summary>Attempts that wait for accounting to show the end of the sessions.</summary>
    public const int Patience = 6;

    public async Task<StepResult> RunAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        var open = await OpenSessionsAsync(state.SubscriberId, ct);
        if (open > 0 && step.Attempt < Patience)
        {
            return StepResult.Fail("deprovision.sessions_open", $"{open} session(s) have not ended yet.", mayPass: true);
        }

        if (state.Before!.Facts is not null && await ClearLineAsync(state, ct) is { } fault)
        {
            return fault;
        }

        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        Write(subscriber, new ServedBefore());
        subscriber.Touch(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return StepResult.Ok(
            new { sessions_left = open },
            open > 0 ? "Its NAS shows no end of what was online; nobody waits for it." : null
        );
    }

    public async Task<StepResult> UndoAsync(DeprovisionState state, StepContext step, CancellationToken ct)
    {
        if (state.Before!.Facts is { } facts)
        {
            var restored = await lines.ChangeAsync(state.SubscriberId, _ => facts, ct, PairOrigin.Restored);
            if ((restored.Fault ?? await RestoreStatesAsync(state, ct)) is { } fault)
            {
                return fault.ToStep();
            }
        }

        var subscriber = await db.Subscribers.SingleAsync(s => s.Id == state.SubscriberId, ct);
        Write(subscriber, state.Before);
        subscriber.Touch(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return StepResult.Ok();
    }

    private static void Write(Subscriber subscriber, ServedBefore what)
    {
        subscriber.BandwidthProfileId = what.PlanId;
        subscriber.FilterId = what.FilterId;
        subscriber.WalledGardenFilterId = what.WalledGardenFilterId;
        subscriber.MacAddress = what.MacAddress;
        subscriber.FramedRoutes = [.. what.FramedRoutes];
    }

    /// <summary>The addresses go the way of their life; then the rest of the line.</summary>
    private async Task<StepResult?> ClearLineAsync(DeprovisionState state, CancellationToken ct)
    {
        if ((await MoveAsync(state, [AddressState.Revoking, AddressState.Revoked], (_, _) => true, ct)) is { } refused)
        {
            return refused.ToStep();
        }

        var cleared = await lines.ChangeAsync(
            state.SubscriberId,
            facts => new LineFacts { Option82Policy = facts.Option82Policy, SiteId = facts.SiteId },
            ct
        );
        return cleared.Fault?.ToStep();
    }

    private Task<LineFault?> RestoreStatesAsync(DeprovisionState state, CancellationToken ct) =>
        MoveAsync(state, [AddressState.Allocated, AddressState.Active, AddressState.Suspended], (at, to) => to <= at, ct);

    /// <summary>Moves each family that held an address before through those states that fit where it was.</summary>
    private async Task<LineFault?> MoveAsync(
        DeprovisionState state,
        AddressState[] through,
        Func<AddressState, AddressState, bool> fits,
        CancellationToken ct
    )
    {
        var moves = new[] { (AddressFamilyKind.Ipv4, state.Before!.Ipv4State), (AddressFamilyKind.Ipv6, state.Before.Ipv6State) }
            .Where(f => IsHeld(f.Item2))
            .SelectMany(f => through.Where(to => fits(f.Item2, to)).Select(to => (f.Item1, to)))
            .ToList();
        return moves.Count == 0 ? null : (await lines.MoveAsync(state.SubscriberId, moves, ct)).Fault;
    }

    private static bool IsHeld(AddressState state) => state is AddressState.Allocated or AddressState.Active or AddressState.Suspended;

    private Task<long> OpenSessionsAsync(Guid subscriber, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                "SELECT count(*) FROM radacct WHERE subscriber_id = @subscriber AND acctstoptime IS NULL",
                new { subscriber },
                work.Transaction,
                cancellationToken: ct
            )
        );
}
