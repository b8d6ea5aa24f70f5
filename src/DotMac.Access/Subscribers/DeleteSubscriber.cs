using System.Text.Json;
using Dapper;
using DotMac.Contracts.Access;
using DotMac.Contracts.External;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Outbox;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Subscribers;

/// <summary>Removes a subscriber; the worker disconnects what is online. Its history stays, its username and addresses are free again.</summary>
/// <remarks>
/// <b>Errors:</b> <c>subscriber.not_found</c> 404, <c>subscriber.has_service</c> and <c>subscriber.holds_addresses</c>, <c>subscriber.holds_network</c> (a VLAN, an ONU) 409, <c>subscriber.changed</c> 412, <c>subscriber.holdings_unknown</c> 503. <b>Effects:</b> <see cref="SubscriberDeleted"/> commits
/// with the change.
/// </remarks>
public static class DeleteSubscriber
{
    [Requires("isp.radius.write")]
    public sealed record Command(string Key, int? IfMatch);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapDelete(routeBase + "/{key}", Delete).WithName(SubscriberKey.Name(nameof(DeleteSubscriber), routeBase));
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string key,
        IHandle<Command, Done> handler,
        HttpRequest request,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, Problems.IfMatch(request)), ct)).ToNoContent();

    internal sealed class Handler(
        AccessDb db,
        UnitOfWork work,
        ILineProfiles lines,
        HoldingsQuery holdings,
        AuditTrail audit,
        EventOutbox outbox,
        TimeProvider clock
    ) : IHandle<Command, Done>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken ct)
        {
            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var held = await holdings.OfAsync(id, ct);
            var subscriber = await LoadedSubscriber.OfAsync(db, work, command.Key, ct);
            if (subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (command.IfMatch is { } version && version != subscriber.Version)
            {
                return SubscriberErrors.Changed;
            }

            if (await HasServiceAsync(subscriber.Id, ct))
            {
                return SubscriberErrors.HasService;
            }

            if (await lines.FindAsync(subscriber.Id, ct) is { } line && (IsHeld(line.Ipv4State) || IsHeld(line.Ipv6State)))
            {
                return SubscriberErrors.HoldsAddresses;
            }

            if (held.Error is { } unknown)
            {
                return unknown;
            }

            if (held.Value.IsAnything)
            {
                return SubscriberErrors.StillHolds(held.Value);
            }

            var now = clock.GetUtcNow();
            subscriber.DeletedAt = now;
            subscriber.Touch(now);
            if (await db.TrySaveAsync(ct, SubscriberErrors.Changed) is { } error)
            {
                return error;
            }

            var before = JsonSerializer.Serialize(
                new
                {
                    username = subscriber.Username,
                    subscriber_number = subscriber.SubscriberNumber,
                    full_name = subscriber.FullName,
                }
            );
            audit.Note("subscriber.deleted", "subscriber", subscriber.Id.ToString(), before);
            outbox.Publish(new SubscriberDeleted(subscriber.Id, subscriber.Username));
            return Done.Instance;
        }

        private static bool IsHeld(AddressState state) =>
            state is AddressState.Allocated or AddressState.Active or AddressState.Suspended or AddressState.Revoking;

        /// <summary>What holds addresses and ONUs: a service that is neither terminated nor failed and undone.</summary>
        private Task<bool> HasServiceAsync(Guid subscriber, CancellationToken ct) =>
            work.Connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(
                    "SELECT EXISTS (SELECT 1 FROM service_instances WHERE subscriber_id = @subscriber AND status NOT IN (3, 11))",
                    new { subscriber },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
    }
}
