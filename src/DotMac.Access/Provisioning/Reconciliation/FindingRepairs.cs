using System.Text.Json;
using Dapper;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;

namespace DotMac.Access.Provisioning.Reconciliation;

/// <summary>Begins the repair of a finding, alone or as one of many, for a caller who may do the same by hand.</summary>
internal sealed class FindingRepairs(
    UnitOfWork work,
    ISagaRuns runs,
    FindingBook book,
    AuditTrail audit,
    CurrentCaller caller,
    TimeProvider clock
)
{
    private const string IsStuck = """
        SELECT EXISTS (SELECT FROM saga_runs WHERE tenant_id = @TenantId AND subject_id = @SubjectId AND status = 6 AND NOT queued)
        """;

    /// <summary>Long enough that the run before it is seen first, short enough that nobody minds.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(1);

    /// <summary>Why it is not to be mended as it was shown, or not by this caller.</summary>
    public Error? Refusal(FindingView? finding, string token) =>
        finding is null ? ReconciliationErrors.NotFound
        : finding.GoneAt is not null ? ReconciliationErrors.Gone
        : finding.Fix is null || finding.SubjectId is null ? ReconciliationErrors.NoFix
        : finding.Token != token ? ReconciliationErrors.Changed
        : Grants.Missing(caller.Value, RepairFinding.Needed(finding.Kind));

    /// <summary>Now, or <c>run.subject_busy</c>.</summary>
    public Task<Result<Guid>> StartAsync(FindingView finding, CancellationToken ct) =>
        StartAsync(finding, new RunOrder(finding.SubjectId, finding.SubjectLabel), ct);

    /// <summary>
    /// As part of a repair of many: when the subject has a run already, in its turn behind that; <c>run.subject_busy</c> when that one waits for
    /// somebody in the dead-letter, for then the turn would not come.
    /// </summary>
    public async Task<Result<Guid>> QueueAsync(FindingView finding, Guid repairId, CancellationToken ct)
    {
        var order = new RunOrder(finding.SubjectId, finding.SubjectLabel, repairId);
        var started = await StartAsync(finding, order, ct);
        return started.Error?.Code == RunErrors.SubjectBusy.Code && !await IsStuckAsync(finding, ct)
            ? await StartAsync(finding, order with { NotBefore = clock.GetUtcNow() + Behind }, ct)
            : started;
    }

    private Task<bool> IsStuckAsync(FindingView finding, CancellationToken ct) =>
        work.Connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(IsStuck, new { work.TenantId, finding.SubjectId }, work.Transaction, cancellationToken: ct)
        );

    private async Task<Result<Guid>> StartAsync(FindingView finding, RunOrder order, CancellationToken ct)
    {
        var state = new RepairState
        {
            FindingId = finding.Id,
            Kind = finding.Kind,
            Fingerprint = finding.Fingerprint,
            SubjectId = finding.SubjectId!.Value,
            Label = finding.SubjectLabel,
            Facts = JsonSerializer.Deserialize<FindingFacts>(finding.Facts, SagaJson.Options)!,
        };
        var started = await runs.StartAsync(RepairSaga.Name, state, order, ct);
        if (started.Error is not null)
        {
            return started;
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
        return started;
    }
}
