using Dapper;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Ends one of a line's reasons. The line is restored when none is left that is in force.</summary>
/// <remarks>
/// <b>Errors:</b> <c>validation.failed</c> 400, <c>subscriber.not_found</c> and <c>suspension.not_found</c> 404,
/// <c>subscriber.changed</c> 412. <b>Effects:</b> as those of <see cref="AddSuspension"/>, the other way.
/// </remarks>
public static class EndSuspension
{
    /// <param name="Note">Why it ends.</param>
    public sealed record Body(string? Note = null);

    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(string Key, Guid Id, Body Asked);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/suspensions/{id:guid}/end", Post)
                .WithName(SubscriberKey.Name(nameof(EndSuspension), routeBase));
        }
    }

    private static async Task<Results<Ok<SuspensionView>, ProblemHttpResult>> Post(
        string key,
        Guid id,
        Body body,
        IHandle<Command, SuspensionView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, id, body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, ISuspensions suspensions, TimeProvider clock) : IHandle<Command, SuspensionView>
    {
        public async Task<Result<SuspensionView>> Handle(Command command, CancellationToken ct)
        {
            if (new Faults().Text("note", command.Asked.Note, 0, 500).Error is { } refusal)
            {
                return refusal;
            }

            if (await SubscriberKey.FindAsync(work, command.Key, ct) is not { } id)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var reason = await work.Connection.QuerySingleOrDefaultAsync<short?>(
                new CommandDefinition(
                    "SELECT reason FROM subscriber_suspensions WHERE id = @reasonId AND subscriber_id = @id AND ended_at IS NULL",
                    new { reasonId = command.Id, id },
                    work.Transaction,
                    cancellationToken: ct
                )
            );
            if (reason is null)
            {
                return SuspensionErrors.NotFound;
            }

            return await suspensions.EndAsync(id, (SuspensionReason)reason, Input.Clean(command.Asked.Note), ct) is null
                ? SuspensionErrors.Changed
                : await SuspensionView.ReadAsync(work, id, clock.GetUtcNow(), ct);
        }
    }
}
