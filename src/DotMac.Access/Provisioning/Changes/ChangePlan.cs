using Dapper;
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

namespace DotMac.Access.Provisioning.Changes;

/// <summary>Gives a subscriber another plan, now or later: a run does it, or goes back to the old one. With <c>dry_run</c> it only says what would be.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>permission.missing</c> 403, <c>subscriber.not_found</c> and <c>bandwidth_profile.not_found</c> 404, <c>change.same_plan</c>,
/// <c>change.not_in_service</c> and <c>run.subject_busy</c> 409 (not of one for later). <b>Effects:</b> a run <c>change_plan</c>: the next sign-on has the new rates, the ONU
/// too, what is online is told by CoA, billing is told from when; when it ends <see cref="SubscriberPlanChanged"/>.
/// </remarks>
public static class ChangePlan
{
    /// <param name="At">When; now unless told. Several may be ordered for later: they are made in the order of their times.</param>
    public sealed record Body(Guid? BandwidthProfileId = null, DateTimeOffset? At = null, bool DryRun = false);

    [Requires("isp.oss.configure")]
    public sealed record Command(string Key, Body Asked, Guid? JobId = null);

    /// <param name="RunId">Null of a dry run.</param>
    /// <param name="Sessions">Online now.</param>
    /// <param name="Charged">Billing knows the service, and is told from when; false: nothing is charged for.</param>
    public sealed record Response(Guid? RunId, Guid SubscriberId, Plan? From, Plan To, int Sessions, bool Charged);

    /// <summary>Rates in kbit/s.</summary>
    public sealed record Plan(Guid Id, string Name, int DownloadRateKbps, int UploadRateKbps);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/change-plan", Post).WithName(SubscriberKey.Name(nameof(ChangePlan), routeBase));
        }
    }

    private static async Task<Results<Accepted<Response>, Ok<Response>, ProblemHttpResult>> Post(
        string key,
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    )
    {
        var result = await handler.Handle(new Command(key, body), ct);
        return result.Error is { } error ? Problems.ToProblem(error)
            : result.Value.RunId is { } run ? TypedResults.Accepted(RunProgress.Location(run), result.Value)
            : TypedResults.Ok(result.Value);
    }

    internal static Error? Forbidden(Caller caller) => Grants.Missing(caller, Grants.Radius);

    internal sealed class Handler(AccessDb db, UnitOfWork work, ISagaRuns runs, ServiceLog log, CurrentCaller caller)
        : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (command.Asked.BandwidthProfileId is not { } planId)
            {
                return new Faults().Add("bandwidth_profile_id", "required", "This must be given.").Error!;
            }

            if (Forbidden(caller.Value) is { } forbidden)
            {
                return forbidden;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var subscriber = await db.Subscribers.SingleAsync(s => s.Id == id, ct);
            if (!subscriber.Status.IsChangeable())
            {
                return ChangeErrors.NotInService(Words.Of(subscriber.Status));
            }

            if (await work.PlanAsync(planId, ct) is not { } plan)
            {
                return ChangeErrors.PlanNotFound;
            }

            var at = command.Asked.At?.ToUniversalTime();
            if (subscriber.BandwidthProfileId == planId && !await IsChangedBeforeAsync(id, at, ct))
            {
                return ChangeErrors.SamePlan;
            }

            var old = subscriber.BandwidthProfileId is { } had ? await work.PlanAsync(had, ct) : null;
            var service = await db.ServiceOfAsync(id, ct);
            var sessions = await work.Connection.ExecuteScalarAsync<int>(
                new CommandDefinition(
                    "SELECT count(*)::int FROM radacct WHERE subscriber_id = @id AND acctstoptime IS NULL",
                    new { id },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            var response = new Response(null, id, old is null ? null : Of(old), Of(plan), sessions, service is not null);
            if (command.Asked.DryRun)
            {
                return response;
            }

            var run = await runs.StartAsync(
                PlanSaga.Name,
                new PlanChange
                {
                    SubscriberId = id,
                    Number = subscriber.SubscriberNumber,
                    PlanId = planId,
                },
                new RunOrder(id, subscriber.SubscriberNumber, command.JobId, at),
                ct
            );
            if (run.Error is { } busy)
            {
                return busy;
            }

            if (service is not null)
            {
                var note = new ServiceNote($"Plan {plan.Name}", run.Value);
                await log.AddAsync(service, ServiceEventType.ModificationRequested, service.Status, ct, note);
            }

            return response with
            {
                RunId = run.Value,
            };
        }

        /// <summary>Another plan is ordered for a time before: then back to the one that it has now is a change.</summary>
        private async Task<bool> IsChangedBeforeAsync(Guid id, DateTimeOffset? at, CancellationToken ct) =>
            at is not null
            && await work.Connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(
                    """
                    SELECT EXISTS (SELECT FROM saga_runs WHERE subject_id = @id AND status = 0 AND queued AND definition = @Name AND not_before <= @at
                        AND NOT cancel_requested)
                    """,
                    new
                    {
                        id,
                        PlanSaga.Name,
                        at,
                    },
                    work.Transaction,
                    cancellationToken: ct
                )
            );

        private static Plan Of(ProvisionedPlan plan) => new(plan.Id, plan.Name, plan.DownKbps, plan.UpKbps);
    }
}
