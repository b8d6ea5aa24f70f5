using System.Security.Cryptography;
using System.Text.Json.Serialization;
using DotMac.Access.Provisioning.Provision;
using DotMac.Access.Provisioning.Services;
using DotMac.Access.Subscribers;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning;

/// <summary>
/// Orders a subscriber: everything is looked at first, then one run takes it from the order to online, or undoes what it did. Answers at
/// once; with <c>wait</c> after so many seconds at most, with what came of it. <c>customer_id</c> is kept as it is given and not checked, for
/// customers are not kept here yet; the run says so.
/// </summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400 with every fault of the order (its fields, what is taken, what the address plan and the PON
/// controller would refuse), <c>permission.missing</c> 403. <b>Effects:</b> a run <c>provision</c>; when it ends <see cref="SubscriberActivated"/>.
/// </remarks>
public static class ProvisionSubscriber
{
    internal const string Permission = "isp.oss.configure";
    private const int PasswordLength = 16;

    /// <param name="Order">Cleaned.</param>
    [Requires(Permission)]
    public sealed record Command(ProvisionFields Order)
    {
        /// <summary>What the systems said beforehand: not part of what was asked, so a repeated request stays the same request.</summary>
        [JsonIgnore]
        internal Rehearsed Rehearsed { get; init; } = Rehearsed.Nothing;
    }

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/provisioning/subscribers", Post).WithName(nameof(ProvisionSubscriber));
        app.MapPost("/orchestration/subscribers/provision", Post).WithName(nameof(ProvisionSubscriber) + "Orchestration");
    }

    private static async Task<Results<Accepted<RunStarted>, ProblemHttpResult>> Post(
        ProvisionFields body,
        int? wait,
        IHandle<Command, RunStarted> handler,
        Rehearsal rehearsal,
        RunProgress progress,
        CurrentCaller caller,
        CancellationToken ct
    )
    {
        var order = body.Cleaned();
        var rehearsed = await rehearsal.TryAsync(order, caller.Value, ct);
        var result = await handler.Handle(new Command(order) { Rehearsed = rehearsed }, ct);
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
        ProvisionCheck check,
        ISagaRuns runs,
        ServiceLog log,
        SecretBox box,
        TimeProvider clock
    ) : IHandle<Command, RunStarted>
    {
        public async Task<Result<RunStarted>> Handle(Command command, CancellationToken ct)
        {
            var read = await check.ReadAsync(command.Order, command.Rehearsed, ct);
            if (read.Error is { } refusal)
            {
                return refusal;
            }

            var state = StateOf(read.Value);
            var service = new ServiceInstance
            {
                TenantId = work.TenantId!.Value,
                Id = state.ServiceId,
                SubscriberId = state.SubscriberId,
                ServiceIdentifier = state.Username,
                ServiceType = state.ServiceType,
                CustomerId = state.CustomerId,
                PlanId = state.PlanId,
                OrderedAt = clock.GetUtcNow(),
            };
            var label = state.SubscriberNumber ?? state.Username;
            // Last of all that may be waited for: the tenant's next number is a row that every other order waits for until this one is kept.
            state.Number = state.SubscriberNumber ?? await SubscriberNumbers.NextAsync(work, ct);
            var run = await runs.StartAsync(ProvisionSaga.Name, state, new RunOrder(state.SubscriberId, label), ct);
            if (run.Error is { } busy)
            {
                return busy;
            }

            service.RunId = run.Value;
            service.Touch(clock.GetUtcNow());
            db.Services.Add(service);
            await db.SaveChangesAsync(ct);
            await log.AddAsync(service, ServiceEventType.ProvisionRequested, service.Status, ct);
            return new RunStarted(run.Value, state.SubscriberId, state.ServiceId, Words.Of(SagaStatus.Pending));
        }

        private ProvisionState StateOf(CheckedOrder order)
        {
            var fields = order.Fields;
            return new ProvisionState
            {
                SubscriberId = Guid.CreateVersion7(clock.GetUtcNow()),
                ServiceId = Guid.CreateVersion7(clock.GetUtcNow()),
                PlanId = order.Plan.Id,
                CustomerId = fields.CustomerId,
                UserId = fields.UserId,
                Username = fields.Username!,
                Password = box.Seal(SecretPurpose.SubscriberPassword, fields.Password ?? NewPassword()),
                SubscriberNumber = fields.SubscriberNumber,
                FullName = fields.FullName,
                ServiceType = Words.Read<ServiceType>(fields.ServiceType)!.Value,
                ServiceAddress = fields.ServiceAddress,
                ServiceLatitude = fields.ServiceLatitude,
                ServiceLongitude = fields.ServiceLongitude,
                Notes = fields.Notes,
                SimultaneousUse = fields.SimultaneousUse ?? 1,
                SessionTimeout = fields.SessionTimeout,
                IdleTimeout = fields.IdleTimeout,
                AcctInterimInterval = fields.AcctInterimInterval,
                FilterId = fields.FilterId,
                Line = order.Line,
                Reservations = fields.Reservations,
                OnuSerial = fields.OnuSerial,
                CpeMacAddress = fields.CpeMacAddress,
                WifiSsid = fields.Wifi?.Ssid,
                WifiPassphrase = fields.Wifi is { } wifi ? box.Seal(SecretPurpose.WifiPassphrase, wifi.Passphrase!) : null,
            };
        }

        /// <summary>Letters and digits that nobody mistakes for another.</summary>
        private static string NewPassword() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", PasswordLength);
    }
}
