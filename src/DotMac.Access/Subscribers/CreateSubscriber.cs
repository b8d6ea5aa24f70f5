using DotMac.Contracts.Access;
using DotMac.Contracts.Platform;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Secrets;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>Adds a subscriber; the RADIUS server knows the login within a second.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>network_profile.address_taken</c> and <c>network_profile.vlan_taken</c> 409 (all that other
/// lines or the address plan have, in errors), <c>subscriber.username_taken</c>, <c>subscriber.number_taken</c>, <c>subscriber.mac_taken</c>, and of a
/// terminated line <c>subscriber.address_taken</c>, <c>subscriber.prefix_taken</c> 409.
/// </remarks>
public static class CreateSubscriber
{
    [Requires("isp.radius.write")]
    public sealed record Command(SubscriberFields Fields);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase, Post).WithName(SubscriberKey.Name(nameof(CreateSubscriber), routeBase));
        }
    }

    private static async Task<Results<Created<SubscriberView>, ProblemHttpResult>> Post(
        SubscriberFields body,
        IHandle<Command, SubscriberView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(body), ct)).ToCreated(s => $"/api/v1/subscribers/{s.Id}");

    internal sealed class Handler(
        AccessDb db,
        UnitOfWork work,
        ITenantFlags flags,
        SecretBox box,
        ISuspensions suspensions,
        ILineProfiles lines,
        TimeProvider clock
    ) : IHandle<Command, SubscriberView>
    {
        public async Task<Result<SubscriberView>> Handle(Command command, CancellationToken ct)
        {
            var fields = command.Fields.Cleaned((await flags.ReadAsync(ct)).Option82DefaultPolicy);
            var read = fields.Read(passwordNeeded: true);
            if (read.Error is { } refusal)
            {
                return refusal;
            }

            // A terminated line of that name goes first: what it still has is not another's.
            await SubscriberNames.FreeAsync(work, fields.Username!, fields.SubscriberNumber, clock.GetUtcNow(), ct);

            // Before the number is drawn, which whoever waits here would keep from everybody else.
            var id = Guid.CreateVersion7();
            var names = await SubscriberNames.TakenAsync(work, fields, id, ct);
            if (names.Concat(await lines.ConflictsAsync(id, line => fields.On(line, read.Value), ct)).ToList() is { Count: > 0 } taken)
            {
                return SubscriberErrors.Taken(taken);
            }

            var subscriber = new Subscriber
            {
                TenantId = work.TenantId!.Value,
                Id = id,
                SubscriberNumber = fields.SubscriberNumber ?? await SubscriberNumbers.NextAsync(work, ct),
                Username = fields.Username!,
                Password = box.Seal(SecretPurpose.SubscriberPassword, fields.Password!),
                SimultaneousUse = 1,
                CreatedAt = clock.GetUtcNow(),
                UpdatedAt = clock.GetUtcNow(),
            };
            if (fields.ApplyTo(subscriber, read.Value, clock.GetUtcNow()) is { } fault)
            {
                return fault;
            }

            db.Subscribers.Add(subscriber);
            if (await db.TrySaveAsync(ct, null, SubscriberErrors.Conflicts(fields)) is { } error)
            {
                return error;
            }

            if (fields.Suspended is true)
            {
                var reason = new SuspensionOrder(subscriber.Id, SuspensionReason.Administrative, fields.SuspensionReason);
                await suspensions.AddAsync(reason, ct);
            }

            return (await SubscriberView.FindAsync(work, subscriber.Id, ct))!;
        }
    }
}
