using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Provisioning.Suspensions;

/// <summary>Takes a shield away; what it held back comes into force.</summary>
/// <remarks><b>Errors:</b> <c>validation.failed</c> 400, <c>subscriber.not_found</c> and <c>shield.not_found</c> 404, <c>subscriber.changed</c> 412.</remarks>
public static class EndShield
{
    /// <param name="Note">Why it ends.</param>
    public sealed record Body(string? Note = null);

    [Requires("isp.radius.sessions.manage")]
    public sealed record Command(string Key, Guid Id, Body Asked);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapPost(routeBase + "/{key}/shields/{id:guid}/end", Post).WithName(SubscriberKey.Name(nameof(EndShield), routeBase));
        }
    }

    private static async Task<Results<Ok<SuspensionView>, ProblemHttpResult>> Post(
        string key,
        Guid id,
        Body body,
        IHandle<Command, SuspensionView> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(key, id, body), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, SuspensionBook book, TimeProvider clock) : IHandle<Command, SuspensionView>
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

            return await book.UnshieldAsync(id, command.Id, Input.Clean(command.Asked.Note), ct) switch
            {
                null => SuspensionErrors.Changed,
                { Id: null } => SuspensionErrors.ShieldNotFound,
                _ => await SuspensionView.ReadAsync(work, id, clock.GetUtcNow(), ct),
            };
        }
    }
}
