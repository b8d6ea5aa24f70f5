using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Puts a shield before a line: while it stands, the reasons that it holds back have no effect.</summary>
/// <remarks>
/// What was agreed with the customer also lifts a suspension that stands; an outage or doubt keeps a new one from beginning.
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>subscriber.not_found</c> 404, <c>subscriber.changed</c> 412.
/// </remarks>
public static class AddShield
{
    /// <param name="Kind">grace, payment_arrangement, payment_proof, service_extension, outage, dedicated_service or quarantine.</param>
    /// <param name="Holds">The reasons that it holds back; absent: those that its kind is for.</param>
    /// <param name="Until">Null: until somebody ends it. A grace needs an end.</param>
    public sealed record Body(
        string? Kind = null,
        IReadOnlyList<string?>? Holds = null,
        string? Note = null,
        DateTimeOffset? StartsAt = null,
        DateTimeOffset? Until = null
    );

    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(string Key, Body Asked);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/shields", Post).WithName(SubscriberKey.Name(nameof(AddShield), routeBase));
        }
    }

    private static async Task<Results<Created<SuspensionView>, ProblemHttpResult>> Post(
        string key,
        Body body,
        IHandle<Command, SuspensionView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, body), ct)).ToCreated(s => $"/api/v1/subscribers/{s.SubscriberId}/suspensions");

    internal sealed class Handler(UnitOfWork work, SuspensionBook book, TimeProvider clock) : IHandle<Command, SuspensionView>
    {
        public async Task<Result<SuspensionView>> Handle(Command command, CancellationToken ct)
        {
            var asked = command.Asked;
            var now = clock.GetUtcNow();
            var kind = Words.Read<ShieldKind>(asked.Kind);
            var holds = asked.Holds?.Select(Words.Read<SuspensionReason>).ToList();
            var faults = new Faults()
                .Check(kind is not null, "kind", "unknown", $"One of {Words.All<ShieldKind>()}.")
                .Check(
                    holds is null || (holds.Count > 0 && !holds.Contains(null)),
                    "holds",
                    "unknown",
                    $"Each one of {Words.All<SuspensionReason>()}."
                )
                .Text("note", asked.Note, 0, 500)
                .Check(kind != ShieldKind.Grace || asked.Until is not null, "until", "required", "A grace ends some time.")
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

            var shield = new RecordedShield(
                kind!.Value,
                (holds?.Select(h => h!.Value) ?? ShieldDefaults.Holds(kind.Value)).ToHashSet(),
                asked.StartsAt?.ToUniversalTime() ?? now,
                asked.Until?.ToUniversalTime()
            );
            return await book.ShieldAsync(id, shield, Input.Clean(asked.Note), ct) is null
                ? SuspensionErrors.Changed
                : await SuspensionView.ReadAsync(work, id, clock.GetUtcNow(), ct);
        }
    }
}
