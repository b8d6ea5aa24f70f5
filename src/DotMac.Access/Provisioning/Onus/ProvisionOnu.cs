using DotMac.Access.Subscribers;
using DotMac.Kernel.Audit;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.Sagas;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DotMac.Access.Provisioning.Onus;

/// <summary>Gives a discovered ONU to a subscriber in service who has none: a run writes the serial on him and activates it.</summary>
/// <remarks>
/// <b>Errors:</b> <c>permission.missing</c> 403 (the ONU's and, for its serial is written on him, the subscriber's), <c>subscriber.not_found</c> 404, <c>attach.has_another</c> 409, <c>run.subject_busy</c> 409. What the OLT refuses
/// (<c>pon.onu_unknown</c>, <c>pon.onu_taken</c>, <c>pon.vlan_taken</c>) stands in the run, which undoes itself.
/// </remarks>
public static class ProvisionOnu
{
    public sealed record Body(Guid SubscriberId);

    [Requires("isp.network.pon.write")]
    public sealed record Command(string Serial, Guid SubscriberId);

    public sealed record Response(Guid RunId);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/pon/onus/{serial}/provision", Post).WithName(nameof(ProvisionOnu));
    }

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> Post(
        string serial,
        Body body,
        IHandle<Command, Response> handler,
        CancellationToken ct
    )
    {
        var result = await handler.Handle(new Command(serial.ToUpperInvariant(), body.SubscriberId), ct);
        return result.Error is { } error
            ? Problems.ToProblem(error)
            : TypedResults.Accepted(RunProgress.Location(result.Value.RunId), result.Value);
    }

    internal sealed class Handler(AccessDb db, ISagaRuns runs, AuditTrail audit, CurrentCaller caller) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            if (Grants.Missing(caller.Value, Grants.Radius) is { } forbidden)
            {
                return forbidden;
            }

            var subscriber = await db.Subscribers.SingleOrDefaultAsync(s => s.Id == command.SubscriberId && s.DeletedAt == null, ct);
            if (subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            if (subscriber.OnuSerial is { } other && other != command.Serial)
            {
                return AttachErrors.HasAnother;
            }

            var started = await StartAsync(runs, subscriber, command.Serial, ct);
            if (started.Error is { } busy)
            {
                return busy;
            }

            audit.Note("pon_onu.provision_asked", "pon_onu", command.Serial);
            return new Response(started.Value);
        }
    }

    internal static Task<Result<Guid>> StartAsync(ISagaRuns runs, Subscriber subscriber, string serial, CancellationToken ct) =>
        runs.StartAsync(
            AttachSaga.Name,
            new AttachState
            {
                SubscriberId = subscriber.Id,
                Number = subscriber.SubscriberNumber,
                Serial = serial,
            },
            new RunOrder(subscriber.Id, subscriber.SubscriberNumber),
            ct
        );
}
