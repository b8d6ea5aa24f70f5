using Dapper;
using DotMac.Access.Provisioning.Changes;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Results;
using Microsoft.Extensions.DependencyInjection;

namespace DotMac.Access.Provisioning.Bulk;

/// <summary>What came of beginning with one subscriber.</summary>
/// <param name="RunId">Null: it was done at once, or there was nothing to do.</param>
/// <param name="Before">What an undoing needs; null: nothing was changed.</param>
internal sealed record BulkBegun(BulkItemState State, Guid? RunId = null, string? Before = null, Error? Error = null)
{
    public static BulkBegun Refused(Error error) =>
        error.Code is "change.same_plan" or "service.none" or "change.nothing"
            ? new(BulkItemState.Skipped, Error: error)
            : new(BulkItemState.Failed, Error: Told(error));

    /// <summary>An item has room for one text: all that is wrong stands in it.</summary>
    private static Error Told(Error error) =>
        error.Faults is { Count: > 0 } faults
            ? error with
            {
                Message = string.Join(' ', faults.Select(f => $"{f.Field}: {f.Message}")),
            }
            : error;
}

/// <summary>Begins with one subscriber, through the same handlers as the API, inside the job's unit of work.</summary>
internal sealed class BulkStarter(UnitOfWork work, ISuspensions suspensions, IServiceProvider services, TimeProvider clock)
{
    private static readonly Error Gone = Error.NotFound("subscriber.not_found", "There is no such subscriber any more.");
    private static readonly Error NoReason = Error.Conflict("suspension.not_found", "It has no such reason.");

    /// <param name="parameter">Of this one: what an undoing goes back to.</param>
    public async Task<BulkBegun> BeginAsync(
        Guid job,
        BulkKind kind,
        BulkParameters parameters,
        Guid subscriber,
        string? parameter,
        CancellationToken ct
    ) =>
        kind switch
        {
            BulkKind.Suspend => await SuspendAsync(job, parameters, subscriber, parameter, ct),
            BulkKind.Resume => await ResumeAsync(job, parameters, subscriber, ct),
            BulkKind.ChangePlan => await ChangePlanAsync(job, parameters, subscriber, parameter, ct),
            BulkKind.ChangeNetwork => await ChangeNetworkAsync(job, parameters, subscriber, ct),
            _ => await DeprovisionAsync(job, parameters, subscriber, ct),
        };

    private async Task<BulkBegun> SuspendAsync(
        Guid job,
        BulkParameters parameters,
        Guid subscriber,
        string? parameter,
        CancellationToken ct
    )
    {
        var had = (await ReasonsAsync(subscriber, ct)).Select(h => h.Reason);
        var orders = parameter is null
            ? Reasons(parameters.Reason)
                .Select(r => new EndedReason(r, Input.Clean(parameters.Note), Input.Clean(parameters.Evidence), parameters.Until))
            : EndedReason.Read(parameter).Where(r => r.Until is null || r.Until > clock.GetUtcNow());
        var wanted = orders.ExceptBy(had, r => r.Reason).ToList();
        foreach (var reason in wanted)
        {
            var order = new SuspensionOrder(
                subscriber,
                reason.Reason,
                reason.Note,
                reason.Evidence ?? (parameter is null ? null : $"bulk job {job} brought it back"),
                StartsAt: reason.StartsAt,
                Until: reason.Until,
                JobId: job
            );
            if (await suspensions.AddAsync(order, ct) is null)
            {
                return BulkBegun.Refused(Gone);
            }
        }

        return await OfRunAsync(job, subscriber, wanted.Count == 0 ? null : "added", ct);
    }

    private async Task<BulkBegun> ResumeAsync(Guid job, BulkParameters parameters, Guid subscriber, CancellationToken ct)
    {
        var had = await ReasonsAsync(subscriber, ct);
        var wanted = parameters.Reason is null ? had : had.IntersectBy(Reasons(parameters.Reason), h => h.Reason).ToList();
        foreach (var reason in wanted)
        {
            if (await suspensions.EndAsync(subscriber, reason.Reason, Input.Clean(parameters.Note), ct, job) is null)
            {
                return BulkBegun.Refused(Gone);
            }
        }

        return wanted.Count == 0
            ? new BulkBegun(BulkItemState.Skipped, Error: NoReason)
            : await OfRunAsync(job, subscriber, EndedReason.Write(wanted), ct);
    }

    private async Task<BulkBegun> ChangePlanAsync(
        Guid job,
        BulkParameters parameters,
        Guid subscriber,
        string? parameter,
        CancellationToken ct
    )
    {
        var plan = parameter is null ? parameters.BandwidthProfileId : Guid.Parse(parameter);
        var result = await Of<ChangePlan.Handler>()
            .Handle(new ChangePlan.Command(subscriber.ToString(), new ChangePlan.Body(plan), job), ct);
        return result.Error is { } error
            ? BulkBegun.Refused(error)
            : new BulkBegun(BulkItemState.Started, result.Value.RunId, result.Value.From?.Id.ToString());
    }

    private async Task<BulkBegun> ChangeNetworkAsync(Guid job, BulkParameters parameters, Guid subscriber, CancellationToken ct)
    {
        var command = new ChangeNetwork.Command(subscriber.ToString(), parameters.Network!, job);
        var result = await Of<ChangeNetwork.Handler>().Handle(command, ct);
        return result.Error is { } error ? BulkBegun.Refused(error) : new BulkBegun(BulkItemState.Started, result.Value.RunId);
    }

    private async Task<BulkBegun> DeprovisionAsync(Guid job, BulkParameters parameters, Guid subscriber, CancellationToken ct)
    {
        var command = new DeprovisionSubscriber.Command(subscriber.ToString(), Input.Clean(parameters.Note), job);
        var result = await Of<DeprovisionSubscriber.Handler>().Handle(command, ct);
        return result.Error is { } error ? BulkBegun.Refused(error) : new BulkBegun(BulkItemState.Started, result.Value.RunId);
    }

    /// <summary>The run that the reasons began; without one (held back, or nothing differs) it is done.</summary>
    private async Task<BulkBegun> OfRunAsync(Guid job, Guid subscriber, string? before, CancellationToken ct)
    {
        var run = await work.Connection.QueryFirstOrDefaultAsync<Guid?>(
            new CommandDefinition(
                "SELECT id FROM saga_runs WHERE subject_id = @subscriber AND parent_id = @job ORDER BY id DESC LIMIT 1",
                new { subscriber, job },
                work.Transaction,
                cancellationToken: ct
            )
        );
        return new BulkBegun(run is null ? BulkItemState.Done : BulkItemState.Started, run, before);
    }

    private async Task<List<EndedReason>> ReasonsAsync(Guid subscriber, CancellationToken ct) =>
        [
            .. await work.Connection.QueryAsync<EndedReason>(
                new CommandDefinition(
                    "SELECT reason, note, evidence, until, starts_at FROM subscriber_suspensions WHERE subscriber_id = @subscriber AND ended_at IS NULL",
                    new { subscriber },
                    work.Transaction,
                    cancellationToken: ct
                )
            ),
        ];

    private static IEnumerable<SuspensionReason> Reasons(string? words) =>
        (words ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(w => Words.Read<SuspensionReason>(w)!.Value);

    private THandler Of<THandler>() => ActivatorUtilities.CreateInstance<THandler>(services);
}
