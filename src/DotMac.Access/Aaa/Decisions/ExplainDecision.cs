using DotMac.Access.Aaa.Vendors;
using DotMac.Contracts.Access;
using DotMac.Kernel.Data;
using DotMac.Kernel.Http;
using DotMac.Kernel.Results;
using DotMac.Kernel.UseCases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DotMac.Access.Aaa.Decisions;

/// <summary>"Why?": the trace of the last decision about a login (or of one decision): its rules in order, the data, and the reply.</summary>
/// <remarks>
/// <c>username</c> also finds names that no subscriber has. <b>Errors:</b> <c>validation.failed</c> 400, <c>subscriber.not_found</c> 404,
/// <c>decision.not_found</c> 404, <c>decision.none</c> 404 (nothing in 30 days).
/// </remarks>
public static class ExplainDecision
{
    /// <summary>One of the three.</summary>
    [Requires("isp.radius.read")]
    public sealed record Command(string? Key = null, string? Username = null, string? Id = null);

    /// <param name="Rules">In the order in which they are asked.</param>
    /// <param name="Reply">What the NAS was told; nothing with a reject.</param>
    /// <param name="ReplyIsOf">"then" when neither the subscriber nor its profile changed since; else "today": what it would be told now.</param>
    public sealed record Response(
        DecisionView Decision,
        IReadOnlyList<TracedRule> Rules,
        IReadOnlyList<PreviewedAttribute> Reply,
        string? ReplyIsOf
    );

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var routeBase in SubscriberKey.Bases)
        {
            app.MapGet(routeBase + "/{key}/why", OfSubscriberAsync).WithName(SubscriberKey.Name("ExplainSubscriber", routeBase));
        }

        app.MapGet("/radius/decisions/why", OfUsernameAsync).WithName("ExplainUsername");
        app.MapGet("/radius/decisions/{id}", OfDecisionAsync).WithName(nameof(ExplainDecision));
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> OfSubscriberAsync(
        string key,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(Key: key), ct)).ToHttp();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> OfUsernameAsync(
        string? username,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(Username: username ?? ""), ct)).ToHttp();

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> OfDecisionAsync(
        string id,
        IHandle<Command, Response> handler,
        CancellationToken ct
    ) => (await handler.Handle(new Command(Id: id), ct)).ToHttp();

    internal sealed class Handler(UnitOfWork work, DecisionToday today, TimeProvider clock) : IHandle<Command, Response>
    {
        public async Task<Result<Response>> Handle(Command command, CancellationToken ct)
        {
            var found = await FindAsync(command, ct);
            if (found.Error is { } refusal)
            {
                return refusal;
            }

            var row = found.Value;
            var login = await today.LoginAsync(row, ct);
            if (!row.IsAccepted || login is null)
            {
                return new Response(row.ToView(), DecisionTrace.Of(row, login), [], null);
            }

            var rates = await today.RatesAsync(login, ct);
            var same = login.SubscriberId == row.SubscriberId && login.Version == row.LoginVersion && rates?.Version == row.ProfileVersion;
            return new Response(
                row.ToView(),
                DecisionTrace.Of(row, login),
                DecisionToday.Reply(login, rates, (NasVendor)(row.Vendor ?? 0)),
                same ? "then" : "today"
            );
        }

        private async Task<Result<DecisionRow>> FindAsync(Command command, CancellationToken ct)
        {
            if (command.Id is { } id)
            {
                return await DecisionQuery.FindAsync(work, id, ct) is { } one ? one : DecisionErrors.NotFound;
            }

            var username = Input.Clean(command.Username);
            if (command.Key is null && username is null)
            {
                return new Faults().Add("username", "required", "Give the username that was sent.").Error!;
            }

            var subscriber = await SubscriberKey.FindAsync(work, command.Key ?? username!, ct);
            if (command.Key is not null && subscriber is null)
            {
                return AccessErrors.SubscriberNotFound;
            }

            var window = DecisionWindow.Of(null, null, clock.GetUtcNow());
            var query = new DecisionQuery(window.From, window.To, SubscriberId: subscriber, Username: username);
            return await query.ReadAsync(work, 1, ct) is [var last, ..] ? last : DecisionErrors.NothingDecided;
        }
    }
}
