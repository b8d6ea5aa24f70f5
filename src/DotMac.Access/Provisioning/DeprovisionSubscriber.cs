using DotMac.Access.Provisioning.Changes;
using DotMac.Access.Provisioning.Deprovision;
using DotMac.Access.Provisioning.Services;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning;

/// <summary>
/// Ends a subscriber's service by a run that gives back everything it holds. The subscriber stays, terminated, with its history; its name
/// is free for another. So also one that no order made, when it holds addresses, a VLAN or an ONU. Answers at once; with <c>wait</c> after so many seconds at most.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>subscriber.not_found</c> 404, <c>service.none</c> 409 (and nothing is held: DELETE it), <c>subscriber.holdings_unknown</c> 503, <c>run.subject_busy</c> 409, <c>permission.missing</c> 403.
/// <b>Effects:</b> a run <c>deprovision</c>; when it ends <see cref="SubscriberTerminated"/>.
/// </remarks>
public static class DeprovisionSubscriber
{
    /// <param name="Reason">Kept with the service.</param>
    public sealed record Body(string? Reason = null);

    [Requires(ProvisionSubscriber.Permission)]
    public sealed record Command(string Key, string? Reason, Guid? JobId = null);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/provisioning/subscribers/{key}/deprovision", Post).WithName(nameof(DeprovisionSubscriber));
        app.MapPost("/orchestration/subscribers/{key}/deprovision", Post).WithName(nameof(DeprovisionSubscriber) + "Orchestration");
    }

    private static async Task<Results<Accepted<RunStarted>, ProblemHttpResult>> Post(
        string key,
        Body? body,
        int? wait,
        IHandle<Command, RunStarted> handler,
        RunProgress progress,
        CurrentCaller caller,
        CancellationToken ct
    )
    {
        var result = await handler.Handle(new Command(key, Input.Clean(body?.Reason)), ct);
        if (result.Error is { } error)
        {
            return Problems.ToProblem(error);
        }

        var started = await progress.WaitAsync(result.Value, wait, caller.Value, ct);
        return TypedResults.Accepted(RunProgress.Location(started.RunId), started);
    }

    internal sealed class Handler(
        AccessDb db,
        UnitOfWork work,
        HoldingsQuery holdings,
        ISagaRuns runs,
        ServiceLog log,
        CurrentCaller caller
    ) : IHandle<Command, RunStarted>
    {
        public async Task<Result<RunStarted>> Handle(Command command, CancellationToken ct)
        {
            var faults = new Faults().Text("reason", command.Reason, 0, 500);
            if (faults.Error is { } wrong)
            {
                return wrong;
            }

            var id = await SubscriberKey.FindAsync(work, command.Key, ct);
            var held = await HeldAsync(id, command, ct);
            var subscriber = await db.Subscribers.SingleOrDefaultAsync(s => s.Id == id && s.DeletedAt == null, ct);
            if (subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (Grants.Missing(caller.Value, Grants.Radius, subscriber.OnuSerial is null ? null : Grants.Pon) is { } forbidden)
            {
                return forbidden;
            }

            var service = await db.ServiceOfAsync(subscriber.Id, ct);
            if (held is { } known && Refusal(known, service is null) is { } refusal)
            {
                return refusal;
            }

            var state = new DeprovisionState
            {
                SubscriberId = subscriber.Id,
                ServiceId = service?.Id,
                Username = subscriber.Username,
                Number = subscriber.SubscriberNumber,
                Reason = command.Reason,
                HasOnu =
                    subscriber.OnuSerial is not null ? true
                    : held is { } asked ? asked.Value.Onus.Count > 0
                    : null,
            };
            var run = await runs.StartAsync(
                DeprovisionSaga.Name,
                state,
                new RunOrder(subscriber.Id, subscriber.SubscriberNumber, command.JobId),
                ct
            );
            if (run.Error is { } busy)
            {
                return busy;
            }

            if (service is not null)
            {
                var note = new ServiceNote(command.Reason, run.Value);
                await log.AddAsync(service, ServiceEventType.TerminationRequested, service.Status, ct, note);
            }

            return new RunStarted(run.Value, subscriber.Id, service?.Id, Words.Of(SagaStatus.Pending));
        }

        /// <summary>
        /// What is held, where it decides: of a line that was not provisioned all of it, for a caller who may not touch ONUs the ONUs of any. One of
        /// many is not asked for before: its run finds what is held, and that nothing is.
        /// </summary>
        private async Task<Result<StillHeld>?> HeldAsync(Guid? id, Command command, CancellationToken ct)
        {
            if (id is not { } subscriber || command.JobId is not null)
            {
                return null;
            }

            if (await db.ServiceOfAsync(subscriber, ct) is null)
            {
                return await holdings.OfAsync(subscriber, ct);
            }

            if (caller.Value.May(Grants.Pon))
            {
                return null;
            }

            // The address plan has no say in it: the line ends also while that does not answer.
            var onus = await holdings.OnusOfAsync(subscriber, ct);
            return onus.Error is { } unknown ? unknown : (Result<StillHeld>)new StillHeld([], [], onus.Value);
        }

        /// <summary>An ONU that only the OLT knows goes with the line too. What was not provisioned and holds nothing has nothing to end.</summary>
        private Error? Refusal(Result<StillHeld> held, bool mustHold) =>
            held.Error
            ?? (held.Value.Onus.Count == 0 ? null : Grants.Missing(caller.Value, Grants.Pon))
            ?? (held.Value.IsAnything || !mustHold ? null : ProvisioningErrors.NoService);
    }
}
