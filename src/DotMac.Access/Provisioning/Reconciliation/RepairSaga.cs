using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Sagas;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>What the steps of a repair read and write; a new shape is a new version of the definition.</summary>
internal sealed record RepairState
{
    public required Guid FindingId { get; init; }
    public required FindingKind Kind { get; init; }
    public required string Fingerprint { get; init; }
    public required Guid SubjectId { get; init; }
    public required string Label { get; init; }
    public required FindingFacts Facts { get; set; }

    /// <summary>What systems outside said just before, for those that call out.</summary>
    public IReadOnlyList<Holdings>? Holdings { get; set; }
    public IReadOnlyList<OnuState>? Onus { get; set; }
    public IReadOnlyList<LoginDrift>? LoginDrift { get; set; }
    public DateTimeOffset? AskedAt { get; set; }

    public Guid[] Subjects => Facts.OtherId is { } other ? [SubjectId, other] : [SubjectId];

    /// <summary>It was so no longer when the run looked again: nothing is done.</summary>
    public bool IsGone { get; set; }
}

/// <summary>
/// Mends one finding: asks again, looks whether it is still so, does the one thing, and writes down that it is mended. What is done is
/// what ends the difference, so that there is nothing to undo: a repetition finds it gone.
/// </summary>
internal static class RepairSaga
{
    public const string Name = "repair";

    public static readonly SagaDefinition Definition = SagaDefinition.Of<RepairState>(
        Name,
        1,
        SagaStep.Of<AskAgain>("ask_again", "network"),
        SagaStep.Of<LookAgain>("look_again", "reconciliation") with
        {
            Retries = 5,
        },
        SagaStep.Of<ApplyRepair>("apply_repair", "network") with
        {
            Retries = 5,
            Timeout = TimeSpan.FromSeconds(60),
        },
        SagaStep.Of<CloseFinding>("close_finding", "reconciliation")
    );
}

/// <summary>Asks the systems outside for the finding's subject once more.</summary>
internal sealed class AskAgain(PictureReader reader, ILoginProjection logins, TimeProvider clock) : ISagaAction<RepairState>
{
    private (IAddressPlan Plan, IPonController Pon) drivers;

    public async ValueTask<bool> CallsOutAsync(RepairState state, CancellationToken ct)
    {
        drivers = await reader.DriversAsync(ct);
        return true;
    }

    public async Task<StepResult> RunAsync(RepairState state, StepContext step, CancellationToken ct)
    {
        state.AskedAt = clock.GetUtcNow();
        if (drivers.Plan.CallsOut)
        {
            if (await PictureReader.HeldByAsync(drivers.Plan, state.Subjects, ct) is not { } holdings)
            {
                return StepResult.Fail("finding.plan_silent", "The address plan did not answer.", mayPass: true);
            }

            state.Holdings = holdings;
        }

        if (drivers.Pon.CallsOut && state.Facts.Serial is { } serial)
        {
            var onu = await drivers.Pon.FindAsync(serial, ct);
            if (onu.Fault is { } fault)
            {
                return fault.ToStep();
            }

            state.Onus = onu.Value is { } one ? [one] : [];
        }

        if (state.Kind == FindingKind.FreeRadiusDrift)
        {
            state.LoginDrift = await logins.DriftAsync(step.TenantId, ct);
        }

        return StepResult.Ok();
    }

    public Task<StepResult> UndoAsync(RepairState state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("Asking changes nothing."));
}

/// <summary>Compares once more: a finding that is so no longer is not mended.</summary>
internal sealed class LookAgain(PictureReader reader, TimeProvider clock) : ISagaAction<RepairState>
{
    public async Task<StepResult> RunAsync(RepairState state, StepContext step, CancellationToken ct)
    {
        var (plan, pon) = await reader.DriversAsync(ct);
        var told = new Told(
            // Where nobody outside had to be asked, all of it is read now.
            state is { Holdings: null, Onus: null, LoginDrift: null }
                ? clock.GetUtcNow()
                : state.AskedAt!.Value,
            state.Holdings,
            state.Onus?.ToDictionary(o => o.Serial, StringComparer.Ordinal),
            state.LoginDrift ?? [],
            []
        );
        var picture = await reader.ReadAsync(plan, pon, told, state.Subjects, step.RunId, ct);
        if (state.Subjects.Any(picture.Busy.Contains))
        {
            // Of who is worked on a comparison says nothing, which is not the same as that all is well.
            return StepResult.Fail(RunErrors.SubjectBusy.Code, "Something else works on what it is about at this moment.", mayPass: true);
        }

        var still = Comparison.Of(picture).FirstOrDefault(f => f.Fingerprint == state.Fingerprint);
        state.IsGone = still is null;
        if (still is null)
        {
            return StepResult.Ok(note: "It is so no longer: nothing is done.");
        }

        if (still.Fix is null)
        {
            return StepResult.Fail("finding.no_fix", "Nothing safe can be done about it from here any more.");
        }

        // Its turn may come days after the click: what is done is what was confirmed, and nothing else.
        return still.Facts == state.Facts
            ? StepResult.Ok(new { still.What, still.Fix })
            : StepResult.Fail(
                ReconciliationErrors.Changed.Code,
                "It differs from what was confirmed. Look at the finding, and repair it as it is now."
            );
    }

    public Task<StepResult> UndoAsync(RepairState state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("Looking changes nothing."));
}

/// <summary>Writes down that the finding is mended.</summary>
internal sealed class CloseFinding(FindingBook book, DotMac.Kernel.Audit.AuditTrail audit) : ISagaAction<RepairState>
{
    public async Task<StepResult> RunAsync(RepairState state, StepContext step, CancellationToken ct)
    {
        await book.CloseAsync(state.FindingId, step.StartedBy, ct);
        audit.Note(
            state.IsGone ? "finding.gone" : "finding.repaired",
            "reconciliation_finding",
            state.FindingId.ToString(),
            after: System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    kind = Words.Of(state.Kind),
                    state.Label,
                    run = step.RunId,
                }
            )
        );
        ReconciliationMetrics.Repaired(step.TenantId, state.Kind, state.IsGone ? "gone" : "repaired");
        return StepResult.Ok();
    }

    public Task<StepResult> UndoAsync(RepairState state, StepContext step, CancellationToken ct) =>
        Task.FromResult(StepResult.Skip("The next comparison finds it again if it is so."));
}
