using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Gives a line a reason to be suspended. It takes effect unless a shield holds it back, and then when the shield ends.</summary>
/// <remarks>
/// A reason that is there already is renewed: its note, evidence and end. <b>Errors:</b> <c>validation.failed</c> 400,
/// <c>subscriber.not_found</c> 404, <c>subscriber.changed</c> 412. <b>Effects:</b> new sign-ons are rejected or led into the walled garden
/// within a second; a run drops what is online, and takes the ONU down and pauses billing where the policy says so.
/// </remarks>
public static class AddSuspension
{
    /// <param name="Reason">non_payment, fraud, administrative, quota, vacation, prepaid or abuse.</param>
    /// <param name="Evidence">What shows it; a reason whose policy needs evidence does nothing without.</param>
    /// <param name="StartsAt">Now unless told.</param>
    /// <param name="Until">Ends by itself then.</param>
    public sealed record Body(
        string? Reason = null,
        string? Note = null,
        string? Evidence = null,
        DateTimeOffset? StartsAt = null,
        DateTimeOffset? Until = null
    );

    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(string Key, Body Asked);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/suspensions", Post).WithName(SubscriberKey.Name(nameof(AddSuspension), routeBase));
        }
    }

    private static async Task<Results<Created<SuspensionView>, ProblemHttpResult>> Post(
        string key,
        Body body,
        IHandle<Command, SuspensionView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, body), ct)).ToCreated(s => $"/api/v1/subscribers/{s.SubscriberId}/suspensions");

    internal sealed class Handler(UnitOfWork work, ISuspensions suspensions, TimeProvider clock) : IHandle<Command, SuspensionView>
    {
        public async Task<Result<SuspensionView>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var now = clock.GetUtcNow();
            var reason = Words.Read<SuspensionReason>(asked.Reason);
            var faults = new Faults()
                .Check(reason is not null, "reason", "unknown", $"One of {Words.All<SuspensionReason>()}.")
                .Text("note", asked.Note, 0, 500)
                .Text("evidence", asked.Evidence, 0, 500)
                .Check(
                    asked.Until is null || (asked.Until > now && asked.Until > (asked.StartsAt ?? now)),
                    "until",
                    "out_of_range",
                    "In the future, and after its beginning."
                );
            if (faults.Error is { } refusal)
            {
                return refusal;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var order = new SuspensionOrder(
                id,
                reason!.Value,
                Input.Clean(asked.Note),
                Input.Clean(asked.Evidence),
                asked.StartsAt?.ToUniversalTime(),
                asked.Until?.ToUniversalTime()
            );
            return await suspensions.AddAsync(order, ct) is null
                ? SuspensionErrors.Changed
                : await SuspensionView.ReadAsync(work, id, clock.GetUtcNow(), ct);
        }
    }
}
